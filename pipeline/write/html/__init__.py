"""Take a document and a theme; write one HTML file that needs nothing beside it; give its bytes."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline.document.theme import Theme
from pipeline.document.tree import Asset, Document, Furniture
from pipeline.write.html.body import make_body, make_head
from pipeline.write.html.context import attributes, clean
from pipeline.write.html.css import make_css, make_screen_css

if TYPE_CHECKING:
    from pipeline.write import FileSet

__all__ = ["write", "write_html"]


def write(made: FileSet) -> bytes:
    """Return the document as an HTML file."""
    return write_html(made.document, made.theme)


def write_html(document: Document, theme: Theme) -> bytes:
    """Return the document as an HTML5 file, pictures and style sheet inside; the same document gives the same bytes."""
    pictures = {name: _data_url(asset) for name, asset in document.assets.items()}
    body = make_body(document, theme, pictures)
    css = make_css(theme) + make_screen_css(theme) + body.css
    wide = any(section.landscape for section in document.sections)
    parts = (
        make_head(document.properties),
        f"{_policy(css)}<style>{css}</style>\n</head>\n<body{attributes(class_='wide' if wide else '')}>\n",
        _write_draft(document.furniture),
        _write_furniture("header", document.furniture.header_left, document.furniture.header_right),
        f"<main>\n{body.html}</main>\n",
        _write_furniture("footer", document.furniture.footer_left, document.furniture.footer_center),
        "</body>\n</html>\n",
    )
    return "".join(parts).encode("utf-8")


def _data_url(asset: Asset) -> str:
    return f"data:{asset.media_type};base64,{b64encode(asset.data).decode('ascii')}"


def _policy(css: str) -> str:
    """Return the policy that lets a browser show what is in the file and fetch, run or send nothing."""
    digest = b64encode(sha256(css.encode("utf-8")).digest()).decode("ascii")
    allowed = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    return f'<meta http-equiv="Content-Security-Policy"{attributes(content=allowed)}>\n{viewport}'


def _write_draft(furniture: Furniture) -> str:
    return f'<p class="draft" role="status">{clean(furniture.draft)}</p>\n' if furniture.draft else ""


def _write_furniture(tag: str, left: str, right: str) -> str:
    words = "".join(f"<span>{clean(text)}</span>" for text in (left, right) if text)
    return f"<{tag}>{words}</{tag}>\n" if words else ""
