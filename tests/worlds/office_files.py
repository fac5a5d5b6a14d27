"""Take parts by name; make a small Word file of them, or one that is seeded with something bad; give its bytes."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def relations(*given: tuple[str, str, bool]) -> str:
    """Return a part of relationships: the end of their type, their target, whether it lies outside."""
    nodes = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if outside else ''}/>"
        for number, (kind, target, outside) in enumerate(given, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{nodes}</Relationships>'


def types(main: str = MAIN, more: str = "") -> str:
    """Return the part of content types."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{more}</Types>'
    )


def body(section: str = "", namespace: str = WORD) -> str:
    """Return a body with the properties of its one section."""
    return f'<w:document xmlns:w="{namespace}"><w:body><w:p/><w:sectPr>{section}</w:sectPr></w:body></w:document>'


def furniture(tag: str, content: str) -> str:
    """Return a header (`hdr`) or footer (`ftr`)."""
    return (
        f'<w:{tag} xmlns:w="{WORD}" xmlns:v="urn:schemas-microsoft-com:vml"><w:p><w:r>{content}</w:r></w:p></w:{tag}>'
    )


def pack(**changes: str | bytes | None) -> bytes:
    """Return a Word file; a keyword is the key of a part of the table below, its value takes the part's place."""
    parts = {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", False)),
        "word/document.xml": body(),
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}"/>',
        "word/_rels/document.xml.rels": relations(("styles", "styles.xml", False)),
    }
    given = {_NAMES.get(key, key): content for key, content in changes.items()}
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, content in (parts | given).items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


_NAMES = {
    "types": "[Content_Types].xml",
    "package": "_rels/.rels",
    "document": "word/document.xml",
    "styles": "word/styles.xml",
    "document_relations": "word/_rels/document.xml.rels",
    "settings_relations": "word/_rels/settings.xml.rels",
    "header": "word/header1.xml",
    "footer": "word/footer1.xml",
}
