"""Take the text of a people.yaml; leave out or rename persons without touching what else it says; give the text.

A comment at the end stands for what was left out: a digest that changes whenever the whole file did. So a commit that
changed the file is still one that did, and documents made from it show the same last change.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

_LIST = "people"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as some version of people.yaml had one; all but the id may be empty."""

    id: str
    name: str = ""
    email: str = ""
    phone: str = ""


def list_people(data: bytes) -> tuple[Person, ...]:
    """Return the persons of a people.yaml; none where it cannot be read."""
    records = (_read_record(node) for node in _find_records(_compose(data)))
    return tuple(
        Person(record["id"], *(record.get(key, "") for key in ("name", "email", "phone")))
        for record in records
        if record.get("id")
    )


def trim_people(data: bytes, keep: Callable[[str], bool], seed: bytes) -> bytes:
    """Return the text without the persons that are not to be kept; as it is where all are."""
    root = _compose(data)
    records = list(_find_records(root))
    kept = [record for record in records if keep(_read_record(record).get("id", ""))]
    if root is not None and records and len(kept) == len(records):
        return data
    return _write(root, kept, data, seed)


def rename_people(data: bytes, rename: Callable[[Person], Mapping[str, str]], seed: bytes) -> bytes:
    """Return the text with the fields that `rename` gives for a person, and without address and telephone number."""
    root = _compose(data)
    records = list(_find_records(root))
    for record in records:
        known = _read_record(record)
        news = rename(Person(known.get("id", ""), known.get("name", "")))
        record.value = [
            (key, _say(value, news[key.value]) if key.value in news else value)
            for key, value in record.value
            if key.value not in ("email", "phone")
        ]
    return _write(root, records, data, seed)


def make_note(data: bytes, what: str, seed: bytes) -> bytes:
    """Return the comment that stands for what a rewritten file does not say."""
    return f"# Left out here: {what} ({hmac.digest(seed, data, 'sha256').hex()[:16]}).\n".encode()


def _compose(data: bytes) -> Any:
    try:
        return yaml.compose(data.decode("utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return None


def _find_records(root: Any) -> Iterator[Any]:
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == _LIST and isinstance(value, yaml.SequenceNode):
            yield from (node for node in value.value if isinstance(node, yaml.MappingNode))


def _read_record(node: Any) -> dict[str, str]:
    return {
        str(key.value): str(value.value)
        for key, value in node.value
        if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    }


def _say(node: Any, text: str) -> Any:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=node.style)


def _write(root: Any, records: list[Any], data: bytes, seed: bytes) -> bytes:
    note = make_note(data, "what concerns other projects, or who a person is", seed)
    if not isinstance(root, yaml.MappingNode):
        return b"people: []\n" + note
    for _, value in root.value:
        if isinstance(value, yaml.SequenceNode):
            value.value = records
            value.flow_style = not records
    text = yaml.serialize(root, Dumper=yaml.CSafeDumper, allow_unicode=True, width=10_000, encoding=None)
    return str(text).encode() + note
