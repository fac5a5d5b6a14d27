"""Take a document's properties; write the start of an HTML file, up to its style sheet; give the text."""

from __future__ import annotations

from datetime import UTC

from pipeline.document.tree import Properties
from pipeline.write.html.context import attributes, clean

GENERATOR = "Deedbox"


def make_head(properties: Properties) -> str:
    """Return the doctype, the language, the title and what the file says of itself, with `<head>` left open."""
    date = properties.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if properties.modified else ""
    described = (
        ("author", properties.author),
        ("description", properties.subject),
        ("keywords", ", ".join(properties.keywords)),
        ("generator", GENERATOR),
        ("dcterms.created", date),
        ("dcterms.modified", date),
    )
    metas = "".join(f"<meta{attributes(name=name, content=content)}>\n" for name, content in described if content)
    title = clean(properties.title or "Untitled")
    language = attributes(lang=properties.language or "en")
    return f'<!DOCTYPE html>\n<html{language}>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n{metas}'
