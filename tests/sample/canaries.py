"""Take a copy of the sample; put a word of its own into every text of its sources; give the words with their places.

A text is what a YAML schema takes as free text: ids, references, days and words from a list stay, or nothing would fit
together. Where no page looks either (comments, unread keys and files, what Git knows) there is such a word too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from golden.repositories import commit_all, run_git

from pipeline.model.schema import SCHEMAS, make_schema
from pipeline.sources.frontmatter import read_markdown
from pipeline.sources.yaml.file import read_yaml

WORD = re.compile("zq[0-9]{4}qz")
# Texts with a form of their own, and words that other files have to repeat.
_FORMED = {"predecessors", "projects", "sensitivities", "sensitivity", "output"}
_CHARTER, _RUNBOOK = "atlas/charter.md", "atlas/documents/migration-runbook.md"


class Canaries:
    """The words that were given out so far, each with the place where it stands."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def sing(self, place: str) -> str:
        """Return a new word for a place."""
        word = f"zq{len(self.places):04}qz"
        assert WORD.fullmatch(word)
        self.places[word] = place
        return word

    def under(self, prefix: str) -> set[str]:
        """Return the words whose places begin in this way."""
        return {word for word, place in self.places.items() if place.startswith(prefix)}


def plant(root: Path) -> Canaries:
    """Put a word into each text of a repository that has no history yet, and commit it."""
    canaries = Canaries()
    sources = {path: read_yaml(path, (root / path).read_bytes()).value for path in _yaml_files(root)}
    ids = {value for whole in sources.values() for value in _find_ids(whole)}
    for path, value in sources.items():
        schema = make_schema(_schema_of(path))
        marked = _Marker(canaries, ids, schema.get("definitions", {})).mark(value, schema, path)
        (root / path).write_text(f"# {canaries.sing(f'comment {path}')}\n{_write_mapping(marked)}", encoding="utf-8")
    for path in sorted(path.relative_to(root).as_posix() for path in root.glob("*/**/*.md")):
        _plant_front_matter(root / path, path, ids, canaries)
    _plant_hidden(root, canaries)
    run_git(root, "init", "--quiet")
    commit_all(root, f"Begin\n\n{canaries.sing('git body')}")
    run_git(root, "branch", "--move", canaries.sing("git branch"))
    return canaries


def _yaml_files(root: Path) -> list[str]:
    found = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.yaml"))
    return [path for path in found if _schema_of(path)]


def _schema_of(path: str) -> str:
    depth = path.count("/")
    names = [
        name
        for name, (_, patterns) in SCHEMAS.items()
        for pattern in patterns
        if fnmatch(path, pattern) and pattern.count("/") == depth
    ]
    return names[0] if names else ""


def _find_ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        yield from (id for inner in value.values() for id in _find_ids(inner))
    elif isinstance(value, list):
        yield from (id for inner in value for id in _find_ids(inner))


class _Marker:
    """Adds a word to each free text of one file."""

    def __init__(self, canaries: Canaries, ids: set[str], known: dict[str, Any]) -> None:
        self.canaries, self.ids, self.known = canaries, ids, known

    def mark(self, value: Any, node: dict[str, Any], place: str) -> Any:
        """Return the value with words in its texts; `node` is its schema."""
        kinds = list(self._kinds(node))
        if isinstance(value, dict):
            return {key: self._mark_entry(key, inner, kinds, place) for key, inner in value.items()}
        if isinstance(value, list):
            items = [one["items"] for one in kinds if isinstance(one.get("items"), dict)]
            return [self.mark(inner, {"anyOf": items}, f"{place}[{at}]") for at, inner in enumerate(value)]
        free = any(
            one.get("type") == "string" and not {"enum", "const", "pattern", "format"} & set(one) for one in kinds
        )
        return f"{value} {self.canaries.sing(place)}" if free and self._is_text(value) else value

    def _mark_entry(self, key: Any, value: Any, kinds: list[dict[str, Any]], place: str) -> Any:
        if key in _FORMED:
            return value
        inner = [one.get("properties", {}).get(key) or one.get("additionalProperties") for one in kinds]
        return self.mark(value, {"anyOf": [one for one in inner if isinstance(one, dict)]}, f"{place} {key}")

    def _kinds(self, node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if "$ref" in node:
            yield from self._kinds(self.known[node["$ref"].rpartition("/")[2]])
        for part in (*node.get("anyOf", ()), *node.get("allOf", ())):
            yield from self._kinds(part)
        if "type" in node:
            yield node

    def _is_text(self, value: Any) -> bool:
        return isinstance(value, str) and value not in self.ids


def _write_mapping(value: dict[str, Any]) -> str:
    return "".join(f"{key}: {_write(inner)}\n" for key, inner in value.items())


def _write(value: Any) -> str:
    """Return a value as YAML that reads back the same."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_write(key)}: {_write(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, bool) or value is None else str(value)


def _plant_front_matter(file: Path, path: str, ids: set[str], canaries: Canaries) -> None:
    text = file.read_text(encoding="utf-8")
    found = read_markdown(path, text.encode())
    if found.meta.value and _schema_of(path) == "narrative":
        schema = make_schema("narrative")
        marked = _Marker(canaries, ids, schema["definitions"]).mark(found.meta.value, schema, path)
        file.write_text(f"---\n{_write_mapping(marked)}---\n{found.body}", encoding="utf-8")


def _plant_hidden(root: Path, canaries: Canaries) -> None:
    """Put words where no page looks: comments, unread keys, unused notes, files that nobody reads."""
    sing = canaries.sing
    for path in sorted(root.glob("*/**/*.md")):
        _add_comments(path, f"hidden {path.relative_to(root).as_posix()}", canaries)
    note = f"\n[^unused]: {sing('hidden note')}\n\n[unused]: https://example.org/{sing('hidden link')}\n"
    lost = f"\n[words](lost/{sing('hidden lost link')}.md) and [words](file:///{sing('hidden local link')})\n"
    for path in (_CHARTER, _RUNBOOK):
        with (root / path).open("a", encoding="utf-8") as file:
            file.write(f"{lost}{note}")
    with (root / _CHARTER).open("a", encoding="utf-8") as file:
        file.write(f"\n{{## {sing('hidden prose comment')} ##}}\n")
    house = Path(__file__).parents[2] / "templates" / "charter.md.j2"
    head, body = house.read_text(encoding="utf-8").rsplit("---\n", 1)
    files = {
        "templates/charter.md.j2": f"{head}---\n{{# {sing('hidden template comment')} #}}\n{body}",
        "templates/_unused.md.j2": sing("hidden template"),
        "theme/theme.yaml": f"# {sing('hidden theme comment')}\ncolours: {{accent: '#1b4f8a'}}\n",
        "theme/notes.txt": sing("hidden theme file"),
        "notes.md": sing("hidden file"),
        "atlas/meetings/notes.md": sing("hidden project file"),
        "atlas/images/unused.svg": f"<svg><!-- {sing('hidden picture')} --></svg>",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def _add_comments(path: Path, place: str, canaries: Canaries) -> None:
    text = path.read_text(encoding="utf-8")
    if text.startswith("---\n"):
        front = f"---\n# {canaries.sing(f'{place} front matter')}\n"
        extra = (
            f"{canaries.sing(f'{place} key')}: {canaries.sing(f'{place} value')}\n" if "/documents/" in place else ""
        )
        text = text.replace("---\n", front + extra, 1)
    path.write_text(f"{text}\n<!-- {canaries.sing(f'{place} comment')} -->\n", encoding="utf-8")
