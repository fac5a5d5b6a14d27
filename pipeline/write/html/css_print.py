"""Take the theme and a document's furniture; write pages, running header and footer, footnotes, contents; give CSS."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.theme import Theme
from pipeline.document.tree import Furniture
from pipeline.write.html.context import css_string, length
from pipeline.write.html.css import look_of
from pipeline.write.spacing import CALLOUT_PADDING_Y, NOTES_GAP, NOTES_RULE

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
