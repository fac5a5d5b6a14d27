"""Take the theme; write the look of a document in a browser: a sheet, narrow windows, printing; give CSS."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.theme import Theme
from pipeline.write.html.context import length
from pipeline.write.html.css import look_of


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
