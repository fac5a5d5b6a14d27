"""Take the JSON Schemas of all subjects; compare them with the sample project; check dialect and descriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from model_sample import FILES

from pipeline.cli.schema import make_schemas
from pipeline.model.kinds import KINDS
from pipeline.model.schema import SCHEMAS, make_schema
from pipeline.model.subjects import REGISTERS
from pipeline.sources.frontmatter import read_markdown
from pipeline.sources.yaml.file import read_yaml

SAMPLES = {
    "settings": "deedbox.yaml",
    "people": "people.yaml",
    "risk": "atlas/registers/risks/R-02.yaml",
    "resources": "atlas/resources.yaml",
    "business_case": "atlas/business-case.yaml",
    "progress": "atlas/progress/2026-08.yaml",
    **{
        name: f"atlas/{name}.yaml"
        for name in ("project", "stakeholders", "schedule", "budget", "deliverables", "closure")
    },
    **{one.name: f"atlas/{one.path}" for one in REGISTERS},
}
SAMPLE = Path(__file__).parents[2] / "repository"
TYPES: dict[str, Any] = {
    "string": (str, date),
    "boolean": bool,
    "number": (int, Decimal),
    "integer": int,
    "array": list,
    "object": dict,
}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for part in node if isinstance(node, list) else ():
        yield from nodes(part)


def fits(value: Any, node: dict[str, Any], root: dict[str, Any]) -> bool:
    """Return whether a value has the shape that a schema asks for (types, keys and words; no numbers)."""
    if "$ref" in node:
        return fits(value, root["definitions"][node["$ref"].rpartition("/")[2]], root)
    if "allOf" in node:
        return all(fits(value, part, root) for part in node["allOf"])
    if "anyOf" in node:
        return any(fits(value, part, root) for part in node["anyOf"])
    if node.get("type") == "null":
        return value is None
    if value not in node.get("enum", [value]) or not isinstance(value, TYPES[node["type"]]):
        return False
    if isinstance(value, dict):
        properties, rest = node.get("properties", {}), node.get("additionalProperties")
        return set(node.get("required", ())) <= set(value) and all(
            fits(part, properties.get(key) or rest, root) if properties.get(key) or rest else False
            for key, part in value.items()
        )
    if isinstance(value, list) and isinstance(node["items"], dict):
        return all(fits(part, node["items"], root) for part in value)
    return True


def test_all_subjects_and_their_records_have_a_schema() -> None:
    assert set(SCHEMAS) == set(SAMPLES) | {KINDS[one.name].noun for one in REGISTERS} | {"narrative"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_speaks_draft_07(name: str) -> None:
    schema = make_schema(name)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    text = json.dumps(schema)
    assert "$defs" not in text and "prefixItems" not in text
    for node in nodes(schema):
        if isinstance(node.get("$ref"), str):
            assert len(node) == 1, "draft-07 ignores what stands beside $ref"
            assert node["$ref"].rpartition("/")[2] in schema["definitions"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_has_a_one_line_description(name: str) -> None:
    schema = make_schema(name)
    for node in (schema, *schema.get("definitions", {}).values()):
        assert node["description"] and node["additionalProperties"] is False
        for key, field in node["properties"].items():
            assert field.get("description"), key
            assert "\n" not in field["description"]


@pytest.mark.parametrize("name", SAMPLES)
def test_valid_sample_fits_its_schema(name: str) -> None:
    path = SAMPLES[name]
    schema = make_schema(name)
    value = read_yaml(path, FILES[path].encode()).value
    assert fits(value, schema, schema)
    assert not fits({**value, "ownr": 1}, schema, schema)


def test_front_matter_fits_its_schema() -> None:
    schema = make_schema("narrative")
    meta = read_markdown("atlas/charter.md", FILES["atlas/charter.md"].encode()).meta.value
    assert meta["revisions"] and fits(meta, schema, schema)


def test_dates_and_ids_are_described_for_editors() -> None:
    properties = make_schema("risk")["properties"]
    assert properties["raised"]["format"] == "date"
    assert properties["id"]["pattern"] == "^R-[0-9]{1,6}$"
    assert properties["status"]["enum"][0] == "proposed"
    assert "anyOf" in make_schema("progress")["properties"]["tasks"]["additionalProperties"]


def test_patterns_say_which_files_a_schema_is_for() -> None:
    assert SCHEMAS["risks"][1] == ("*/registers/risks.yaml",)
    assert SCHEMAS["risk"][1] == ("*/registers/risks/*.yaml",)
    assert SCHEMAS["settings"][1] == ("deedbox.yaml",)


def test_committed_schemas_of_the_sample_are_those_that_the_command_prints() -> None:
    found = {path.stem: path.read_bytes() for path in (SAMPLE / ".schemas").iterdir()}
    assert found == make_schemas(), "run: deedbox schema -o repository/.schemas"


def test_files_of_the_sample_fit_the_committed_schemas() -> None:
    paths = [path for path in sorted(SAMPLE.rglob("*.yaml")) if "build" not in path.relative_to(SAMPLE).parts]
    assert len(paths) > 60
    for path in paths:
        text = path.read_text(encoding="utf-8")
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert named, path
        schema = json.loads((path.parent / named[1]).read_bytes())
        value = read_yaml(path.name, text.encode()).value
        jsonschema.validate(json.loads(json.dumps(value, default=as_json)), schema)


def as_json(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value.isoformat()
