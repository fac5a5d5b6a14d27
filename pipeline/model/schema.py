"""Take the name of a subject or of one of its records; describe its file for editors; give a JSON Schema (draft-07)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.model.base import Record
from pipeline.model.kinds import KINDS
from pipeline.model.narrative import NarrativeMeta
from pipeline.model.subjects import NARRATIVES, REGISTERS, REPORTS, SUBJECTS

DIALECT = "http://json-schema.org/draft-07/schema#"


def _list_schemas() -> dict[str, tuple[type[Record], tuple[str, ...]]]:
    schemas: dict[str, tuple[type[Record], tuple[str, ...]]] = {}
    for subject in SUBJECTS:
        pattern = subject.path if subject.shared else f"*/{subject.path}"
        schemas[subject.name] = (subject.model, (f"{pattern}*.yaml" if pattern.endswith("/") else pattern,))
    for subject in REGISTERS:
        if subject.record:
            schemas[KINDS[subject.name].noun] = (subject.record, (f"*/{subject.folder}*.yaml",))
    schemas["narrative"] = (NarrativeMeta, (*(f"*/{name}" for name in NARRATIVES), f"*/{REPORTS}*.md"))
    return schemas


# Name → the record, and the files that it describes (patterns relative to the repository's root).
SCHEMAS: Mapping[str, tuple[type[Record], tuple[str, ...]]] = _list_schemas()


def make_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of `SCHEMAS[name]`, for YAML editors; KeyError if there is no such name."""
    schema = SCHEMAS[name][0].model_json_schema()
    definitions = schema.pop("$defs", {})
    plain = {"$schema": DIALECT, **_translate(schema)}
    if definitions:
        plain["definitions"] = {key: _translate(value) for key, value in sorted(definitions.items())}
    return plain


def _translate(node: Any) -> Any:
    """Return a part of a schema in draft-07: other names, and no neighbours of `$ref`, which draft-07 ignores."""
    if isinstance(node, list):
        return [_translate(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _translate(value) for key, value in node.items() if not _is_idle_default(key, value, node)}
    for rewrite in REWRITES:
        result = rewrite(result)
    return result


def _is_idle_default(key: str, value: Any, node: dict[str, Any]) -> bool:
    """A field of the name `default` has a mapping; a default of null says nothing; a Decimal comes out as text."""
    return key == "default" and (value is None or (node.get("type") == "number" and isinstance(value, str)))


def _rewrite_reference(node: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(node.get("$ref"), str):
        return node
    target = {"$ref": node["$ref"].replace("#/$defs/", "#/definitions/")}
    others = {key: value for key, value in node.items() if key != "$ref"}
    return {"allOf": [target], **others} if others else target


def _rewrite_fixed_list(node: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(node.get("prefixItems"), list):
        return node
    others = {key: value for key, value in node.items() if key != "prefixItems"}
    return {**others, "items": node["prefixItems"]}


REWRITES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (_rewrite_reference, _rewrite_fixed_list)
