"""Take the logo of a document; let it float at the right of the first page's head; give the paragraph it hangs on."""

from __future__ import annotations

from pipeline.write.docx.drawings import FLOATING, draw_asset
from pipeline.write.docx.paragraphs import write_spacer
from pipeline.write.docx.writing import Writing
from pipeline.write.spacing import fit_logo


def write_logo(writing: Writing) -> str:
    """Return the paragraph with the logo, or nothing; a corporate file has its own, in its header."""
    furniture = writing.document.furniture
    logo = writing.document.assets.get(furniture.logo)
    if logo is None or writing.theme.corporate:
        return ""
    drawing = draw_asset(writing, furniture.logo, furniture.logo_alt, *fit_logo(logo), FLOATING)
    return write_spacer(writing, 0.0).replace("</w:p>", f"{drawing}</w:p>") if drawing else ""
