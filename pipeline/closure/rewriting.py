"""Take what may leave with a project, and who may be named; give paths and contents of its history as they leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import yaml

from pipeline.closure.name_parts import find_ordinary, find_titles, fold, list_folded
from pipeline.closure.names_left import NamesLeft
from pipeline.closure.people_file import Person, list_people, make_note, rename_people, trim_people
from pipeline.closure.pseudonyms import Pseudonyms
from pipeline.sources.places import SETTINGS
from pipeline.sources.scope import is_shared

PeopleMode = Literal["whole", "named", "pseudonyms", "none"]
TITLES = ("project.yaml", SETTINGS)  # what calls a project and an office by name
PEOPLE, MAILMAP = "people.yaml", ".mailmap"
_WORD = re.compile(rb"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_ADDRESS = re.compile(rb"<([^<>]*)>")
TEXTS = (
    *(
        ".adoc",
        ".css",
        ".csv",
        ".dot",
        ".eml",
        ".htm",
        ".html",
        ".ics",
        ".ini",
        ".j2",
        ".json",
        ".jsonl",
        ".log",
        ".md",
    ),
    *(".mmd", ".puml", ".rst", ".svg", ".tex", ".toml", ".tsv", ".txt", ".vcf", ".xml", ".yaml", ".yml"),
)
# Here names are those that programs look for, or periods: no file is called after somebody.
_FIXED = ("registers", "reports", "progress")


@dataclass(frozen=True)
class Rewriting:
    """How one project's history leaves a repository whose folder is `prefix` ("" or ending in a slash).

    `named` are the ids that the project names; `addresses` those of its commits' authors, in small letters.
    """

    project: str
    prefix: str
    mode: PeopleMode
    seed: bytes
    named: frozenset[str] = frozenset()
    addresses: frozenset[bytes] = frozenset()
    pseudonyms: Pseudonyms | None = None
    left: NamesLeft = field(default_factory=NamesLeft)

    def place(self, path: bytes) -> bytes | None:
        """Return where a path of the repository is in the project's own history; None where it is not."""
        if path == MAILMAP.encode():
            return path if self.mode in ("whole", "named") else None
        start = self.prefix.encode()
        inside = path.removeprefix(start)
        text = inside.decode("utf-8", "surrogateescape")
        if not path.startswith(start) or not (text.startswith(f"{self.project}/") or is_shared(text)):
            return None
        return None if text == PEOPLE and self.mode == "none" else inside

    def content(self, path: bytes) -> Callable[[bytes], bytes] | None:
        """Return what is to be done with the contents at a place; None where they stay as they are."""
        text = path.decode("utf-8", "surrogateescape")
        own = {SETTINGS: self._trim_settings, PEOPLE: self._trim_people, MAILMAP: self._trim_mailmap}
        if text in own:
            return None if self.mode == "whole" and text != SETTINGS else own[text]
        if self.mode != "pseudonyms" or self.pseudonyms is None:
            return None
        if not is_text(text):
            self.left.unread.add(text)
            return None
        return self.left.watch(self.pseudonyms.hide, self.pseudonyms, self.rename_path(text))

    def rename_path(self, path: str) -> str:
        """Return a path as it leaves: without names of persons in those of files and folders."""
        if self.mode != "pseudonyms" or self.pseudonyms is None or not is_renamed(path):
            return path
        start, *parts = path.split("/")
        return "/".join((start, *(self.pseudonyms.files.get(part, part) for part in parts)))

    def author(self, line: bytes) -> bytes:
        """Return the line of an author or committer as it leaves."""
        return self.pseudonyms.hide_author(line) if self.pseudonyms else line

    def message(self, words: bytes, what: str) -> bytes:
        """Return a message as it leaves; `what` tells whose it is."""
        if self.pseudonyms is None:
            return words
        news = self.pseudonyms.hide_message(words)
        self.left.note_message(what, news, self.pseudonyms)
        return news

    def _trim_settings(self, data: bytes) -> bytes:
        return trim_projects(data, self.project, self.seed)

    def _trim_people(self, data: bytes) -> bytes:
        trimmed = trim_people(data, self.named.__contains__, self.seed)
        if self.pseudonyms is None:
            return trimmed
        return rename_people(trimmed, self.pseudonyms.make_fields, self.seed)

    def _trim_mailmap(self, data: bytes) -> bytes:
        return b"".join(
            line for line in data.splitlines(keepends=True) if self.addresses & set(_ADDRESS.findall(line.lower()))
        )


def is_text(path: str) -> bool:
    """Return whether names are looked for in a file: in one of a kind that is text, or without any ending."""
    return path.endswith(TEXTS) or "." not in path.rpartition("/")[2].lstrip(".")


def is_renamed(path: str) -> bool:
    """Return whether a file may get another name: one of the project's own, in a folder that its writers fill."""
    parts = path.split("/")
    return len(parts) > 2 and not is_shared(path) and parts[1] not in _FIXED


class Names:
    """What texts tell of people: the ids that they name, and the parts of names that they use as ordinary words."""

    def __init__(self, people: Iterable[Person], lines: Iterable[bytes]) -> None:
        known = tuple(people)
        self._ids = {person.id.encode(): person.id for person in known}
        authors = (line.partition(b" <")[0].decode("utf-8", "replace") for line in lines)
        self._parts = list_folded((*(person.name for person in known), *authors)) - self._ids.keys()
        self._parts -= {fold(id) for id in self._ids.values()}
        self.named: set[str] = set()
        self.ordinary: set[str] = set()

    def read(self, contents: Iterable[bytes]) -> None:
        """Take what texts tell."""
        for data in contents:
            self.named |= {self._ids[word] for word in _WORD.findall(data) if word in self._ids}
            self.ordinary |= find_ordinary(data.decode("utf-8", "replace"), self._parts)

    def read_titles(self, contents: Iterable[bytes]) -> None:
        """Take the words by which a project and an office are called: they stand, whoever is called so as well."""
        for data in contents:
            self.ordinary |= find_titles(data.decode("utf-8", "replace"), self._parts)


def list_addresses(lines: Iterable[bytes]) -> frozenset[bytes]:
    """Return the addresses of authors' lines, in small letters."""
    return frozenset(address.lower() for line in lines for address in _ADDRESS.findall(line))


def list_everybody(versions: Iterable[bytes]) -> tuple[Person, ...]:
    """Return everybody whom any version of people.yaml held, each as often as that said something else."""
    return tuple(dict.fromkeys(person for data in versions for person in list_people(data)))


def trim_projects(data: bytes, project: str, seed: bytes) -> bytes:
    """Return the text with one project under `projects`; as it is where no other stands there, or it cannot be read."""
    try:
        text = data.decode("utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return data
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "projects" and isinstance(value, yaml.SequenceNode):
            names = [node.value for node in value.value]
            return data if set(names) <= {project} else _replace(text, value, project if project in names else "", seed)
    return data


def _replace(text: str, node: yaml.SequenceNode, name: str, seed: bytes) -> bytes:
    """A list in brackets ends behind its bracket, any other where the next key begins."""
    end = "" if node.flow_style else "\n"
    start, rest = text[: node.start_mark.index], text[node.end_mark.index :]
    whole = f"{start}[{name}]{end}{rest}"
    return whole.encode() + (b"" if whole.endswith("\n") else b"\n") + make_note(text.encode(), "other projects", seed)
