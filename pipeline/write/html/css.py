"""A theme comes in; its styles become CSS for pages of paper and for the screen; style sheets go out."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.theme import TextStyle, Theme
from pipeline.document.tree import Furniture
from pipeline.write.html.context import css_string, length
from pipeline.write.spacing import (
    CALLOUT_BAR,
    CALLOUT_PADDING_X,
    CALLOUT_PADDING_Y,
    CODE_PADDING_X,
    CODE_PADDING_Y,
    FACTS_RULE,
    INDENT,
    NOTES_GAP,
    NOTES_RULE,
    PANEL_GAP,
    PANEL_PADDING_X,
    PANEL_PADDING_Y,
    SIGNATURE_GAP,
    SIGNING_ROOM,
    TOC_NUMBER,
)

_DEPTH = 9  # levels of lists that are told apart
_EDGE = 0.5  # Word pads a paragraph only between a border and its text, so code has one in the colour of its wash
_MARKS = ("–", "•")


def make_css(theme: Theme) -> str:
    """Return the rules for text, lists, tables, figures and the other blocks, on screen as on paper."""
    parts = (_text, _inlines, _lists, _contents, _blocks, _figures, _tables, _panels)
    return "\n".join(rule for part in parts for rule in part(theme)) + "\n"


def font(theme: Theme) -> str:
    """Return the font families of running text, the metric-equal ones first."""
    return f'{css_string(theme.text_font.pdf)},{css_string(theme.text_font.word)},"Liberation Sans",sans-serif'


def code_font(theme: Theme) -> str:
    """Return the font families of code."""
    return f"{css_string(theme.code_font.pdf)},{css_string(theme.code_font.word)},monospace"


def look_of(style: TextStyle) -> str:
    """Return the declarations of a text style, without the space after it."""
    return f"line-height:{length(style.line)};{letters_of(style)}"


def letters_of(style: TextStyle) -> str:
    """Return the declarations of a text style that concern its letters alone."""
    parts = [
        f"font-size:{length(style.size)}",
        f"font-weight:{'bold' if style.bold else 'normal'}",
        f"font-style:{'italic' if style.italic else 'normal'}",
        f"color:{style.colour}",
    ]
    if style.capitals:
        parts.append("text-transform:uppercase")
    if style.spacing:
        parts.append(f"letter-spacing:{length(style.spacing)}")
    return ";".join(parts)


def _text(theme: Theme) -> Iterator[str]:
    yield f"html{{font-family:{font(theme)};{look_of(theme.text['body'])}}}"
    # No height is taken from what a line holds: lines are as high as the style says, as in Word.
    yield "body,p,ul,ol,li,dl,dt,dd,figure,figcaption,blockquote,pre,h1,h2,h3,h4,h5,h6,table,hr{margin:0;padding:0}"
    yield "p,li,dt,dd,pre,td,th,h1,h2,h3,h4,h5,h6,figcaption,caption{overflow-wrap:break-word}"
    for role, style in theme.text.items():
        below = f";margin-bottom:{length(style.after)}" if style.after else ""
        if role.startswith("heading-"):
            yield f"h{role[-1]}{{{look_of(style)}{below}}}"
        else:
            yield f"p.{role}{{{look_of(style)}{below}}}"
            yield f"span.{role}{{{letters_of(style)}}}"
    yield "h1,h2,h3,h4,h5,h6{break-after:avoid;break-inside:avoid}"
    yield "p.kicker,p.title,p.label,p.toc-title{break-after:avoid}"


def _inlines(theme: Theme) -> Iterator[str]:
    for name, colour in theme.colours.items():
        yield f"span.{name}{{color:{colour}}}"
    for state, look in theme.status.items():
        yield f".status.{state}{{color:{look.colour};font-weight:bold}}"
    yield f"a{{color:{theme.colours['accent']};text-decoration:none}}"
    code = f"font-family:{code_font(theme)};font-size:{length(theme.text['code'].size)}"
    yield f"code{{{code};overflow-wrap:anywhere}}"
    yield "sup.call{font-size:0.65em;line-height:0;vertical-align:0.33em}"
    yield "del{text-decoration:line-through}"
    # A picture may reach into the room between two lines, as in Word; else its line would be higher.
    yield "img.inline{vertical-align:baseline;margin-top:-1.4pt}"


def _lists(theme: Theme) -> Iterator[str]:
    item = theme.text["list"]
    below = theme.space["list"]
    # WeasyPrint keeps a list with the line above it unless told otherwise; Word does not.
    yield f"ul,ol{{padding-left:{length(INDENT)};break-before:auto}}"
    yield f"ul.tight,ol.tight{{margin-bottom:{length(below)}}}"
    yield f"ul.loose,ol.loose{{margin-bottom:{length(below + item.after)}}}"
    yield "li>ul.tight,li>ol.tight,li>ul.loose,li>ol.loose{margin-bottom:0}"
    for depth in range(1, _DEPTH + 1):
        yield f'{"li " * (depth - 1)}ul{{list-style-type:"{_MARKS[depth % 2]}\\2002 "}}'
    yield f"li>p.body{{{look_of(item)};margin-bottom:0}}"
    yield f".loose>li>p.body{{margin-bottom:{length(item.after)}}}"
    yield 'ul.tasks{list-style-type:none}ul.tasks>li.done{list-style-type:"■ "}ul.tasks>li.open{list-style-type:"□ "}'
    yield f"dd{{margin-left:{length(INDENT)}}}"
    term = theme.text["term"]
    yield f"dt.term{{{look_of(term)};margin-bottom:{length(term.after)};break-after:avoid}}"


def _contents(theme: Theme) -> Iterator[str]:
    title = theme.text["heading-1"]
    yield f"p.toc-title{{{look_of(title)};margin-bottom:{length(title.after)}}}"
    yield "ul.toc,ul.toc ul{list-style-type:none;padding:0}"
    yield f"nav{{margin-bottom:{length(theme.space['table'])}}}"
    for level in (1, 2, 3):
        style = theme.text[f"toc-{level}"]
        yield f"li.toc-{level}{{{look_of(style)};margin-bottom:{length(style.after)};position:relative}}"
        yield f"li.toc-{level}{{padding-left:{length(TOC_NUMBER * (level - 1))};padding-right:36pt}}"
        hanging = f"padding-left:{length(TOC_NUMBER * level)};text-indent:{length(-TOC_NUMBER)}"
        yield f"li.toc-{level}.numbered{{{hanging}}}"
    yield f"ul.toc .number{{display:inline-block;min-width:{length(TOC_NUMBER)};text-indent:0}}"
    yield "ul.toc a{color:inherit}"


def _blocks(theme: Theme) -> Iterator[str]:
    colours = theme.colours
    quote = theme.text["quote"]
    yield f"blockquote{{padding-left:{length(INDENT)}}}"
    yield f"blockquote>p.body{{{look_of(quote)};margin-bottom:{length(quote.after)}}}"
    yield f"blockquote li>p.body{{{look_of(quote)}}}"
    padding = f"{length(CALLOUT_PADDING_Y)} {length(CALLOUT_PADDING_X)}"
    bar = f"border-left:{length(CALLOUT_BAR)} solid {colours['accent']}"
    yield (
        f"aside.callout{{background:{colours['wash']};{bar};padding:{padding};"
        f"margin-bottom:{length(theme.space['callout'])}}}aside.whole,aside>p{{break-inside:avoid}}"
    )
    style = theme.text["callout"]
    yield f"aside>p.body{{{look_of(style)};margin-bottom:{length(style.after)}}}aside li>p.body{{{look_of(style)}}}"
    yield "p.callout-title{font-weight:bold;break-after:avoid}aside.callout>:last-child{margin-bottom:0}"
    code = theme.text["code"]
    yield (
        f"pre.code{{font-family:{code_font(theme)};{look_of(code)};background:{colours['wash']};"
        f"padding:{length(CODE_PADDING_Y)} {length(CODE_PADDING_X - _EDGE)};margin-bottom:{length(code.after)};"
        f"border:{length(_EDGE)} solid {colours['wash']};white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;"
        "break-inside:avoid}pre.long{break-inside:auto}"
        # WeasyPrint counts the padding twice at the foot of a page, unless the lines have a box of their own.
        "pre>code{display:block;font:inherit;overflow-wrap:inherit}"
    )
    body = theme.text["body"]
    yield f"hr{{border:0;height:1pt;border-top:0.5pt solid {colours['line']};margin-bottom:{length(body.after)}}}"
    yield from _signatures(theme)


def _signatures(theme: Theme) -> Iterator[str]:
    width = (theme.page.text_width - SIGNATURE_GAP) / 2
    yield f"div.signatures{{break-inside:avoid;margin-bottom:{length(theme.space['table'])};font-size:0}}"
    yield (
        f"div.signature{{display:inline-block;vertical-align:top;width:{length(width)};"
        f"margin-top:{length(SIGNING_ROOM)};padding-top:4pt;border-top:0.75pt solid {theme.colours['text']}}}"
    )
    yield f"div.signature:nth-child(odd){{margin-right:{length(SIGNATURE_GAP)}}}"
    yield f"p.signer{{color:{theme.colours['text']}}}"


def _figures(theme: Theme) -> Iterator[str]:
    caption = theme.text["caption"]
    yield f"figure{{margin-bottom:{length(theme.space['figure'])};break-inside:avoid}}"
    yield f"figure>img{{display:block;margin-bottom:{length(caption.after)}}}"
    yield f"figcaption,caption{{{look_of(caption)};text-align:left}}"
    yield f"caption{{caption-side:top;padding-bottom:{length(caption.after)};break-after:avoid}}"
    yield f"span.label{{font-size:inherit;font-weight:bold;color:{theme.colours['text']}}}"


def _tables(theme: Theme) -> Iterator[str]:
    look, colours = theme.table, theme.colours
    head = theme.text["cell-head"]
    yield (
        f"table{{border-collapse:collapse;table-layout:fixed;margin-bottom:{length(theme.space['table'])};"
        f"max-width:100%;text-align:left}}"
    )
    yield (
        f"td,th{{padding:{length(look.padding_y)} {length(look.padding_x)};vertical-align:top;font-weight:normal;"
        f"border-bottom:{length(look.rule)} solid {colours['line']};{look_of(theme.text['cell'])};"
        "overflow-wrap:anywhere}"
    )
    yield "tr{break-inside:avoid}tr.tall{break-inside:auto}"
    # No page begins or ends with a single row of a table: least of all with its total.
    edges = "tbody tr:first-child:not(:last-child){break-after:avoid}tbody tr:last-child:not(:first-child)"
    yield f"{edges}{{break-before:avoid}}"
    yield "td.right,th.right{text-align:right}td.center,th.center{text-align:center}"
    yield f"td>p.body,th>p.body{{{look_of(theme.text['cell'])};margin-bottom:0}}"
    yield f"td>ul,td>ol{{margin-bottom:0}}td li>p.body{{{look_of(theme.text['cell'])}}}"
    yield f".grid>thead th{{background:{colours['wash']};vertical-align:bottom}}"
    yield f".grid>thead th.edge{{border-bottom:{length(look.head_rule)} solid {colours['accent']}}}"
    yield f".grid>thead p{{{look_of(head)}}}"
    total = f"{length(look.total_rule)} solid {colours['title']}"
    yield f"tr.total>td,tr.total>th{{border-top:{total}}}tr.total p,.strong p{{font-weight:bold}}"
    yield f"td.wash,th.wash{{background:{colours['wash']}}}td.number,th.number{{text-align:right}}"
    yield f"td.current,td.desired{{background:{colours['tint']};text-align:center}}"
    yield ".current p,.desired p{font-weight:bold}"
    for level, colour in theme.levels.items():
        yield f".level-{level}{{background:{colour}}}"


def _panels(theme: Theme) -> Iterator[str]:
    look, colours = theme.table, theme.colours
    down = length(look.padding_y)
    yield ".facts,.figures{break-inside:avoid}"
    yield f".facts td,.facts th{{border:0;padding:0 {length(2 * look.padding_x)} 0 0}}"
    top = f"border-top:{length(FACTS_RULE)} solid {colours['accent']};padding-top:{down}"
    yield f".facts tr.first>td,.facts tr.first>th{{{top}}}"
    bottom = f"border-bottom:{length(look.rule)} solid {colours['line']};padding-bottom:{down}"
    yield f".facts tr.last>td,.facts tr.last>th{{{bottom}}}"
    gap = f"{length(PANEL_GAP)} solid {colours['paper']}"
    yield (
        f".figures td,.figures th{{background:{colours['wash']};border:0;border-right:{gap};"
        f"padding:0 {length(look.padding_x)} 0 {length(PANEL_PADDING_X)}}}"
    )
    yield ".figures td:last-child,.figures th:last-child{border-right:0}"
    yield f".figures tr.first>td,.figures tr.first>th{{padding-top:{length(PANEL_PADDING_Y)}}}"
    yield f".figures tr.last>td,.figures tr.last>th{{padding-bottom:{length(PANEL_PADDING_Y)}}}"


_MARKED = {"{page}": "counter(page)", "{pages}": "counter(pages)"}


def make_print_css(theme: Theme) -> str:
    """Return the rules for paper: breaks, footnotes at the foot of their page, page numbers in the contents."""
    note = theme.text["footnote"]
    rules = (
        "html{hyphens:manual;orphans:2;widows:2}",
        "h1,h2,h3,h4,h5,h6{bookmark-label:attr(data-outline)}",
        # Without a break after it, WeasyPrint 70 keeps what follows a landscape section on its last page.
        "section+section{break-before:page}section.landscape{page:landscape;break-after:page}",
        "div.page-break{break-before:page}",
        *_callouts(theme),
        # WeasyPrint pushes the page's notes away to fit a line that it may break after: no row breaks but a tall one.
        "tr:not(.tall)>*{orphans:99}",
        "img{image-rendering:crisp-edges}",
        "thead{display:table-header-group}",
        "section.notes{display:none}",
        f"div.note{{float:footnote;footnote-policy:line;{look_of(note)};text-align:left}}",
        # The call is the tree's own; WeasyPrint's would still make its line higher.
        "div.note::footnote-call{content:none;font-size:0;line-height:0;vertical-align:baseline}",
        "div.note::footnote-marker{content:none}",
        # The height of a link that can be clicked; it stays within the line that calls, which is no higher for it.
        "sup.call>a{line-height:1}",
        f"div.note p{{{look_of(note)};margin-bottom:{length(note.after)}}}",
        "ul.toc>li::after{content:target-counter(attr(data-target),page);position:absolute;right:0;bottom:0;text-indent:0}",
    )
    return "\n".join((*rules, *_pages(theme))) + "\n"


def _callouts(theme: Theme) -> Iterator[str]:
    """Yield rules that make a callout need as much room at the foot of a page as LibreOffice gives it.

    LibreOffice wants room for the lower edge below each paragraph that a page may end with, and twice below the last
    one. WeasyPrint 70 forgets the padding around a paragraph there, and counts the paragraph's own twice.
    """
    half = CALLOUT_PADDING_Y / 2
    yield "aside.callout{padding-bottom:0}"
    below = f"padding-bottom:{length(half)};margin-bottom:{length(theme.text['callout'].after - half)}"
    yield f"aside>p.body,aside>p.callout-title{{{below}}}"
    yield f"aside>p:last-child{{padding-bottom:{length(CALLOUT_PADDING_Y)};margin-bottom:0}}"
    # What is not parted ends with a box that no page may begin with.
    yield "aside.whole>p:last-child{padding-bottom:0}"
    yield f"aside.whole::after{{content:'';display:block;height:{length(CALLOUT_PADDING_Y)};break-before:avoid}}"


def make_furniture_css(furniture: Furniture, theme: Theme) -> str:
    """Return the rules for the running header and footer of a document."""
    page = theme.page
    head = f"vertical-align:top;padding-top:{length(page.header)};{look_of(theme.text['header'])}"
    foot = f"vertical-align:bottom;padding-bottom:{length(page.footer)};{look_of(theme.text['footer'])}"
    draft = f"color:{theme.status['off_track'].colour};font-weight:bold"
    boxes = (
        ("top-left", f"{head};width:40%;text-align:left", css_string(furniture.header_left)),
        ("top-center", f"{head};width:20%;text-align:center;{draft}", css_string(furniture.draft or furniture.state)),
        ("top-right", f"{head};width:40%;text-align:right", css_string(furniture.header_right)),
        ("bottom-left", f"{foot};width:40%;text-align:left", css_string(furniture.footer_left)),
        ("bottom-center", f"{foot};width:20%;text-align:center", css_string(furniture.footer_center)),
        ("bottom-right", f"{foot};width:40%;text-align:right", _page_words(furniture.page_words)),
    )
    rules = (f"@{name}{{{look};content:{content}}}" for name, look, content in boxes)
    return f"@page{{{''.join(rules)}}}\n"


def _page_words(words: str) -> str:
    before, found, rest = words.partition("{")
    if not found:
        return css_string(words)
    for mark, counter in _MARKED.items():
        if rest.startswith(mark[1:]):
            return f"{css_string(before)} {counter} {_page_words(rest[len(mark) - 1 :])}"
    return f"{css_string(before + found)} {_page_words(rest)}"


def _pages(theme: Theme) -> Iterator[str]:
    page = theme.page
    margins = " ".join(length(side) for side in (page.top, page.right, page.bottom, page.left))
    yield f"@page{{size:{length(page.width)} {length(page.height)};margin:{margins}}}"
    yield f"@page landscape{{size:{length(page.height)} {length(page.width)}}}"
    rule = f"border-top:{length(NOTES_RULE)} solid {theme.colours['line']}"
    yield f"@page{{@footnote{{margin-top:{length(NOTES_GAP)};padding-top:{length(NOTES_GAP)};{rule}}}}}"


def make_screen_css(theme: Theme) -> str:
    """Return the rules that only the HTML file needs."""
    return "\n".join((*_sheet(theme), *_notes(theme), *_paper(theme))) + "\n"


def _sheet(theme: Theme) -> Iterator[str]:
    page, colours = theme.page, theme.colours
    sheet = f"max-width:{length(page.text_width)};padding:36pt {length(page.right)};background:{colours['paper']}"
    wide = f"max-width:{length(page.landscape_text_width)}"
    yield f"html{{background:{colours['wash']}}}"
    # The sizes are those of paper, read from nearer than a screen.
    yield "@media screen{body{zoom:1.2}}"
    yield f"body>header,body>main,body>footer,body>p.draft{{{sheet};margin:0 auto;overflow-x:auto}}"
    yield f"section.portrait,section.notes{{max-width:{length(page.text_width)}}}"
    yield f"body.wide>header,body.wide>main,body.wide>footer,body.wide>p.draft{{{wide}}}"
    furniture = "display:flex;gap:12pt;justify-content:space-between;padding-bottom:0"
    yield f"body>header{{{furniture};{look_of(theme.text['header'])}}}"
    yield f"body>footer{{{furniture};padding-top:0;padding-bottom:36pt;{look_of(theme.text['footer'])}}}"
    draft = theme.status["off_track"].colour
    yield (
        f"body>p.draft{{padding-top:6pt;padding-bottom:6pt;background:{draft};color:{colours['paper']};"
        "font-weight:bold;text-align:center}"
    )
    yield f"a:focus-visible{{outline:1.5pt solid {colours['accent']}}}main a:hover{{text-decoration:underline}}"
    yield "section+section{margin-top:24pt}:target{scroll-margin-top:12pt}"
    yield "@media screen and (max-width:60em){body{zoom:1}table{min-width:36em}figure>img{max-width:100%;height:auto}}"
    yield "@media screen and (max-width:60em){body>header,body>main,body>footer{padding-left:16pt;padding-right:16pt}}"


def _notes(theme: Theme) -> Iterator[str]:
    note = theme.text["footnote"]
    yield f"section.notes{{border-top:0.5pt solid {theme.colours['line']};padding-top:6pt}}"
    yield f"div.note p{{{look_of(note)};margin-bottom:{length(note.after)}}}"


def _paper(theme: Theme) -> Iterator[str]:
    page = theme.page
    margins = " ".join(length(side) for side in (page.top, page.right, page.bottom, page.left))
    yield f"@page{{size:{length(page.width)} {length(page.height)};margin:{margins}}}"
    yield f"@page landscape{{size:{length(page.height)} {length(page.width)}}}"
    yield (
        "@media print{html{background:none}body>header,body>main,body>footer{max-width:none;padding:0;overflow:visible}"
        "section.landscape{page:landscape;break-before:page;break-after:page}div.page-break{break-before:page}"
        "thead{display:table-header-group}html{orphans:2;widows:2}}"
    )
