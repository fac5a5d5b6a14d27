"""Take nothing; say what each element that we write is before any theme; give CSS.

WeasyPrint's own style sheet knows all of HTML, forms and right-to-left pages. Its rules for pseudo-elements match every
element, so that six more styles are made for each; without what we never write, a page's styles take half the time.
"""

from __future__ import annotations

# Only what the theme's style sheets leave open. Taken from the rendering section of the HTML standard.
BASE_CSS = """\
head,meta,title{display:none}
html,body,main,section,nav,aside,div,figure,figcaption,h1,h2,h3,h4,h5,h6,p,pre,blockquote,ul,ol,dl,dt,dd,hr{display:block}
li{display:list-item}
table{display:table;box-sizing:border-box;text-indent:initial}
caption{display:table-caption}
colgroup{display:table-column-group}
col{display:table-column}
thead{display:table-header-group}
tbody{display:table-row-group}
tr{display:table-row}
td,th{display:table-cell}
em{font-style:italic}
strong{font-weight:bold}
br::before{content:"\\A";white-space:pre-line}
img{overflow:hidden}
ol,ul{counter-reset:list-item}
ol{list-style-type:decimal}
li::marker{font-variant-numeric:tabular-nums;white-space:pre;text-transform:none}
h1{bookmark-level:1}
h2{bookmark-level:2}
h3{bookmark-level:3}
h4{bookmark-level:4}
h5{bookmark-level:5}
h6{bookmark-level:6}
"""
