"""Take what a document says of itself; write Word's own properties, ours beside them; give their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.document.tree import Document, Paragraph, Properties, Text
from pipeline.write.docx.runs import LONGEST_PROPERTY
from pipeline.write.docx.xml import clean, escape, escape_attribute, full_language

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
)


def set_core_properties(core: Any, properties: Properties) -> None:
    """Set Word's own properties; `modified` is the only time, since the commit's time is the only one we know."""
    texts = {
        "title": properties.title,
        "subject": properties.subject,
        "author": properties.author,
        "last_modified_by": properties.author,
        "keywords": ", ".join(properties.keywords),
        "language": full_language(properties.language),
        "version": properties.revision,
    }
    for name, text in texts.items():
        if text:
            setattr(core, name, clean(text)[:LONGEST_PROPERTY])
    core.revision = 1
    if properties.modified is not None:
        core.created = properties.modified
        core.modified = properties.modified


def field_values(document: Document, pages: Mapping[str, int] | None) -> dict[str, str]:
    """Return what fields show, by the lower-case name of the property; `pages` is the count of all pages."""
    properties = document.properties
    values = {
        "title": properties.title,
        "subject": properties.subject,
        "author": properties.author,
        "keywords": ", ".join(properties.keywords),
        "company": properties.company,
        "pages": str(max((pages or {}).values(), default=1)),
    }
    cut = {name: text[:LONGEST_PROPERTY] for name, text in values.items()}
    own = {name.lower(): text for name, text in custom_values(document)}
    return {name: clean(text) for name, text in (cut | own).items()}


def make_app(properties: Properties) -> str:
    """Return `app.xml`: the program and the company."""
    company = f"<Company>{escape(properties.company)}</Company>" if properties.company else ""
    return (
        f'<Properties xmlns="{_EXTENDED}"><Application>Deedbox</Application><DocSecurity>0</DocSecurity>'
        f"{company}<AppVersion>16.0000</AppVersion></Properties>"
    )


def custom_values(document: Document) -> tuple[tuple[str, str], ...]:
    """Return the properties of our own that have a value, by the names under which fields ask for them."""
    properties, furniture = document.properties, document.furniture
    known = (
        ("Sensitivity", furniture.footer_center or properties.sensitivity),
        ("Revision", properties.revision),
        ("Project", furniture.header_left),
        ("Document", furniture.header_right),
        ("Edition", furniture.footer_left),
        ("Document Title", find_title(document)),
    )
    return tuple((name, text) for name, text in known if text)


def find_title(document: Document) -> str:
    """Return the title on the first page, if it is plain words."""
    blocks = document.sections[0].blocks if document.sections else ()
    title = next((block for block in blocks if isinstance(block, Paragraph) and block.role == "title"), None)
    return title_words(title) if title else ""


def title_words(title: Paragraph) -> str:
    """Return a title that is plain words, else nothing: a field shows no emphasis."""
    parts = [node.text for node in title.children if isinstance(node, Text)]
    return "".join(parts).replace("\n", " ") if len(parts) == len(title.children) else ""


def make_custom(document: Document) -> str:
    """Return `custom.xml`."""
    # Custom properties count from 2: Office keeps the lower numbers.
    parts = "".join(
        f'<property fmtid="{_CUSTOM_FORMAT}" pid="{number}" name="{escape_attribute(name)}">'
        f"<vt:lpwstr>{escape(text)}</vt:lpwstr></property>"
        for number, (name, text) in enumerate(custom_values(document), start=2)
    )
    return f'<Properties xmlns="{_CUSTOM}" xmlns:vt="{_VALUES}">{parts}</Properties>'
