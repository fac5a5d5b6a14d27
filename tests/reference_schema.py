"""Take the JSON Schema of a subject; say each key's value and meaning in words; give Markdown tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.model.kinds import KINDS
from pipeline.model.schema import make_schema

Node = dict[str, Any]
FIXED = {"string": "text", "boolean": "true or false"}


def fields_table(subject: str) -> str:
    """Return one table for the file's own keys, and one for each record inside it."""
    schema = make_schema(subject)
    parts = []
    for path, node in _objects("", schema, schema.get("definitions", {})):
        if path:
            parts.append(f"**`{path}`**: {node['description']}")
        if not _is_list_alone(node):
            parts.append(_table(node))
    return "\n\n".join(parts)


def _is_list_alone(node: Node) -> bool:
    """Return whether a file holds nothing but one list of records: the next table says all of it."""
    (first, *others) = node["properties"].values()
    return not others and "$ref" in first.get("items", {})


def _objects(path: str, node: Node, known: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Yield every record of a schema with the way to it, such as `risks[].assessments[]`, outer ones first."""
    yield path, node
    for key, value in node["properties"].items():
        for name, ending in _references(value, ""):
            yield from _objects(f"{path}.{key}{ending}".lstrip("."), known[name], known)


def _references(node: Any, ending: str) -> Iterator[tuple[str, str]]:
    if not isinstance(node, dict):
        return
    if "$ref" in node:
        yield node["$ref"].rpartition("/")[2], ending
    for part in (*node.get("anyOf", ()), *node.get("allOf", ())):
        yield from _references(part, ending)
    yield from _references(node.get("items"), f"{ending}[]")
    yield from _references(node.get("additionalProperties"), f"{ending}.ID")


def _table(node: Node) -> str:
    required = set(node.get("required", ()))
    lines = ["| Key | Required | Value | Meaning |", "|---|---|---|---|"]
    for key, value in node["properties"].items():
        must = "yes" if key in required else ""
        lines.append(f"| `{key}` | {must} | {_words(value)}{_default(value)} | {value['description']} |")
    return "\n".join(lines)


def _words(node: Node) -> str:
    """Return what may stand as the value: `text`, `date`, `whole number, 1 to 5`, `list of text`, `id of a task`."""
    if "x-not-before" in node:
        return f"date, not before `{node['x-not-before']}`"
    if "x-names" in node:
        return _reference(node)
    if "enum" in node or "const" in node:
        return ", ".join(f"`{word}`" for word in node.get("enum", [node.get("const")]))
    choices = [part for part in (*node.get("anyOf", ()), *node.get("allOf", ())) if part.get("type") != "null"]
    if choices or "$ref" in node:
        more = {key: node[key] for key in ("examples",) if key in node}
        return " or ".join(_words({**more, **choice}) for choice in choices) or "keys, see below"
    if node["type"] == "array":
        return _list(node)
    if node["type"] == "object":
        return f"one entry an id, each {_words(node['additionalProperties'])}"
    return _scalar(node)


def _reference(node: Node) -> str:
    noun = KINDS[node["x-names"]].noun
    if node.get("type") == "object":
        return f"one entry a {noun}, each {_words(node['additionalProperties'])}"
    one = f"id of {'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    if node.get("type") != "array":
        return one
    return f"list, each the {one}" + (f", at least {node['minItems']}" if "minItems" in node else "")


def _list(node: Node) -> str:
    items = node["items"]
    if isinstance(items, list):
        return f"list of {len(items)} whole numbers, {_limits(items[0])}"
    least = f", at least {node['minItems']}" if "minItems" in node else ""
    inner = "entries, see below" if "$ref" in items else _words(items)
    return f"list of {inner}{least}"


def _scalar(node: Node) -> str:
    if node.get("format") == "date":
        return "date"
    if "pattern" in node:
        return f"such as `{node['examples'][0]}`"
    if node["type"] in FIXED:
        return FIXED[node["type"]]
    kind = "whole number" if node["type"] == "integer" else "number"
    return f"{kind}, {_limits(node)}".rstrip(", ")


def _limits(node: Node) -> str:
    if "minimum" in node and "maximum" in node:
        return f"{node['minimum']} to {node['maximum']}"
    return f"from {node['minimum']}" if "minimum" in node else ""


def _default(node: Node) -> str:
    value = node.get("default")
    if not value or isinstance(value, dict):
        return ""
    shown = f"[{', '.join(map(str, value))}]" if isinstance(value, list) else value
    return f"; default `{shown}`"
