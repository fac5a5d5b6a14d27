"""Take the theme; write what screen and paper share of its look as CSS, a class for each role; give the style sheet."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.document.theme import TextStyle, Theme
from pipeline.write.html.context import css_string, length
from pipeline.write.spacing import (
    CALLOUT_BAR,
    CALLOUT_PADDING_X,
    CALLOUT_PADDING_Y,
    CODE_PADDING_X,
    CODE_PADDING_Y,
    FACTS_RULE,
    INDENT,
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
