"""Take the word that marks a draft; draw it large and light behind the text, as Word's watermarks are; give a run."""

from __future__ import annotations

from pipeline.document.theme import Theme
from pipeline.write.docx.runs import write_run
from pipeline.write.docx.xml import escape_attribute

_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
)
_HEIGHT = 70
_WIDTH_OF_LETTER = 68
_WIDEST = 420


def write_watermark(word: str, theme: Theme, number: int) -> str:
    """Return the run with the drawing; `number` makes its name unique among the headers."""
    width = min(_WIDEST, _WIDTH_OF_LETTER * max(1, len(word)))
    style = (
        f"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{_HEIGHT}pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    font = escape_attribute(theme.text_font.word)
    return write_run(
        f'<w:pict>{_SHAPE_TYPE}<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2048 + number}" '
        f'type="#_x0000_t136" alt="" style="{style}" o:allowincell="f" fillcolor="{theme.colours["line"]}" stroked="f">'
        f'<v:fill opacity=".4"/><v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt;font-weight:bold" '
        f'string="{escape_attribute(word)}"/></v:shape></w:pict>'
    )
