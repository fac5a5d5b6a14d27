"""Take a document tree; give it as text that a reviewer can read: one node a line, indented, what is unset left out.

The fields are taken from the classes themselves, so a new field of the tree shows up here without a change.
Inline nodes stand within their line: `{strong|words}`, `{link target=https://example.org|words}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from hashlib import sha256
from typing import Any, get_args

from pipeline.document.tree import Asset, Document, Inline, Paragraph, Text
from pipeline.problems import Place
from tests.worlds.cells import spell_cells

_INLINES = get_args(Inline)
_STEP = "  "
_PLAIN_HOLDERS = ("Cell", "ListItem", "Definition", "Note", "Quote")


def print_tree(document: Document) -> str:
    """Return the document as text."""
    lines = [f"document {document.id}"]
    for name in ("properties", "furniture"):
        lines.append(f"{_STEP}{name}")
        record = getattr(document, name)
        lines += [f"{_STEP * 2}{key}: {_show(value)}" for key, value in _set_fields(record)]
    lines += [f"{_STEP}asset {name} {_asset(asset)}" for name, asset in document.assets.items()]
    lines += [f"{_STEP}attached {source.path} {_digest(source.data)}" for source in document.attached]
    lines += [f"{_STEP}attached docx"] if document.attach_docx else []
    lines += [line for part in spell_cells((*document.sections, *document.notes)) for line in _lines(part, 1)]
    return "\n".join(lines) + "\n"


def _asset(asset: Asset) -> str:
    return f"{asset.media_type} {asset.width}×{asset.height} {_digest(asset.data)}"


def _digest(data: bytes) -> str:
    return f"sha256 {sha256(data).hexdigest()[:16]}"


def _lines(node: Any, depth: int) -> Iterator[str]:
    words, below = _head(node), _children(node)
    if type(node).__name__ in _PLAIN_HOLDERS and [type(child) for _, child in below] == [Paragraph]:
        yield f"{_STEP * depth}{words} / {_head(below[0][1])}"
        return
    yield f"{_STEP * depth}{words}"
    for name, child in below:
        mark = f"{name} " if name in ("head", "body") else ""
        for line in _lines(child, depth + 1):
            yield f"{_STEP * (depth + 1)}{mark}{line.lstrip()}" if mark else line
            mark = ""


def _head(node: Any) -> str:
    """Return a node's own line: its kind, the values that are set, its words, where it was written."""
    values, words, place = [type(node).__name__.lower()], "", ""
    for name, value in _set_fields(node):
        if isinstance(value, Place):
            place = f"  ← {value}" if value.file else ""
        elif _is_inline(value):
            shown = "".join(map(_inline, value))
            words += f": {shown}" if name == "children" else f" {name}=“{shown}”"
        elif name in ("chart", "data"):
            # The spec of a chart and its rows are long: a digest tells that they changed, the picture tells how.
            values.append(f"{name}={_digest(repr(spell_cells(value)).encode())}")
        elif not _is_nodes(value):
            values.append(f"{name}={_show(value)}")
    return " ".join(values) + words + place


def _children(node: Any) -> list[tuple[str, Any]]:
    return [
        (name, child)
        for name, value in _set_fields(node)
        if _is_nodes(value) and not _is_inline(value)
        for child in value
    ]


def _inline(node: Any) -> str:
    if isinstance(node, Text):
        return _visible(node.text)
    own = [f" {name}={_show(value)}" for name, value in _set_fields(node) if not _is_inline(value)]
    below = "".join(_inline(child) for _, value in _set_fields(node) if _is_inline(value) for child in value)
    return "{" + type(node).__name__.lower() + "".join(own) + (f"|{below}" if below else "") + "}"


def _set_fields(node: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(node):
        value = getattr(node, field.name)
        if value != _default(field):
            yield field.name, value


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def _is_inline(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], _INLINES)


def _is_nodes(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and is_dataclass(value[0])


def _show(value: Any) -> str:
    if isinstance(value, str):
        return _visible(value)
    if isinstance(value, tuple):
        return ", ".join(map(_show, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _visible(text: str) -> str:
    """Return a text with what cannot be seen, or has a meaning here, as an escape."""
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign in "{}\\":
        return f"\\{sign}"
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()
