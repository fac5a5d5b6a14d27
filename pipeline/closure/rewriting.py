"""Take what may leave with a project, and who may be named; give paths and contents of its history as they leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pipeline.closure.people_file import Person, list_people, rename_people, trim_people
from pipeline.closure.pseudonyms import Pseudonyms
from pipeline.closure.settings_file import trim_projects
from pipeline.sources.places import SETTINGS
from pipeline.sources.scope import is_shared

PeopleMode = Literal["whole", "named", "pseudonyms", "none"]
PEOPLE, MAILMAP = "people.yaml", ".mailmap"
_WORD = re.compile(rb"[a-z0-9]+(?:[._-][a-z0-9]+)*")
_ADDRESS = re.compile(rb"<([^<>]*)>")
TEXTS = (".csv", ".json", ".md", ".txt", ".yaml", ".yml", ".j2", ".svg")


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
        hides = self.mode == "pseudonyms" and text.endswith(TEXTS)
        return self.pseudonyms.hide if self.pseudonyms and hides else None

    def author(self, line: bytes) -> bytes:
        """Return the line of an author or committer as it leaves."""
        return self.pseudonyms.hide_author(line) if self.pseudonyms else line

    def message(self, words: bytes) -> bytes:
        """Return a commit's message as it leaves."""
        return self.pseudonyms.hide_message(words) if self.pseudonyms else words

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


def find_named(contents: Iterable[bytes], people: Iterable[Person]) -> frozenset[str]:
    """Return the ids of those persons whom any of these contents names."""
    ids = {person.id.encode(): person.id for person in people}
    return frozenset(ids[word] for data in contents for word in _WORD.findall(data) if word in ids)


def list_addresses(lines: Iterable[bytes]) -> frozenset[bytes]:
    """Return the addresses of authors' lines, in small letters."""
    return frozenset(address.lower() for line in lines for address in _ADDRESS.findall(line))


def list_everybody(versions: Iterable[bytes]) -> tuple[Person, ...]:
    """Return everybody whom any version of people.yaml held, each as often as that said something else."""
    return tuple(dict.fromkeys(person for data in versions for person in list_people(data)))
