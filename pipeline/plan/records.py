"""Take what a build learns of documents and their files; hold it as frozen records; give and read them as JSON."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from pipeline.problems import Problem
from pipeline.stored import Stored

if TYPE_CHECKING:
    from pipeline.controls.catalogue import Computed


class FileFacts(Stored, frozen=True, array_like=True):
    """One finished file: SHA-256 (hex) and size in bytes."""

    sha256: str
    size: int


class Kept(Stored, frozen=True, array_like=True):
    """What writing a document came to: its files by format, pages (0 where unknown), and the warnings to say again."""

    files: Mapping[str, FileFacts]
    pages: int = 0
    problems: tuple[Problem, ...] = ()


class SourceFacts(Stored, frozen=True, array_like=True):
    """One source of a document: SHA-256 (hex), and Git's id of the content."""

    sha256: str
    id: str


class SourceView(Mapping[str, str]):
    """One thing that is known of sources, by path: a view, since thousands of documents have dozens of sources each."""

    __slots__ = ("_facts", "_get")

    def __init__(self, facts: Mapping[str, SourceFacts], get: Callable[[SourceFacts], str]) -> None:
        self._facts = facts
        self._get = get

    def __getitem__(self, path: str) -> str:
        return self._get(self._facts[path])

    def items(self) -> ItemsView[str, str]:
        """Return paths with what is known, all at once: one by one takes several times as long."""
        return {path: self._get(facts) for path, facts in self._facts.items()}.items()

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)


_get_id, _get_digest = attrgetter("id"), attrgetter("sha256")


class DocumentFacts(Stored, frozen=True, array_like=True):
    """What the line knows of a rendered document besides its tree: enough for the manifest, the key and the reasons.

    `name` is unique in the project; `commit` and `date` are those of the last change to its sources ("" if unknown);
    `tree` is the digest of the tree ("" where it has errors); `draft` says that no commit holds what it is made from.
    `main` is the path of the file with its own words, `stated` whether its front matter gives the version; `version`
    and `state` are "" where they are not known; `gone` are deleted files that it would show.
    """

    name: str
    title: str
    period: str
    language: str
    commit: str
    date: str
    tree: str
    draft: bool = False
    sources: Mapping[str, SourceFacts] = {}
    problems: tuple[Problem, ...] = ()
    type: str = ""
    main: str = ""
    version: str = ""
    state: str = ""
    stated: bool = False
    gone: tuple[str, ...] = ()

    @property
    def ids(self) -> Mapping[str, str]:
        """Return Git's ids of the contents of the sources, by path."""
        return SourceView(self.sources, _get_id)

    @property
    def digests(self) -> Mapping[str, str]:
        """Return the SHA-256 (hex) of the sources, by path."""
        return SourceView(self.sources, _get_digest)

    @property
    def history_paths(self) -> tuple[str, ...]:
        """Return the paths whose history is the document's: its sources, and those that were deleted."""
        return (*self.sources, *self.gone)


class Trace(Stored, frozen=True, array_like=True):
    """What a project's documents saw besides its own folder and the shared files, and the history they told of.

    `paths` maps a path to the id of its content ("" for none, with "*" where no commit holds it); `lists` are (start,
    end, digest of the paths found); `history` is a digest of the commits of all sources, `baselines` one of the
    baselines ("" where nobody asked for them).
    """

    paths: Mapping[str, str] = {}
    lists: tuple[tuple[str, str, str], ...] = ()
    history: str = ""
    baselines: str = ""


class ProjectFacts(Stored, frozen=True, array_like=True):
    """What the line knows of a project: its line in the list, the names of all its documents, those rendered."""

    id: str
    name: str = ""
    title: str = ""
    phase: str = ""
    known: tuple[str, ...] = ()
    documents: tuple[DocumentFacts, ...] = ()
    problems: tuple[Problem, ...] = ()
    trace: Trace = Trace()


class LookFacts(Stored, frozen=True, array_like=True):
    """What the line knows of the look that all documents share: the digest of the theme, and what is wrong."""

    theme: str
    problems: tuple[Problem, ...] = ()


class Basis(Stored, frozen=True, array_like=True):
    """All that a document is made from, so that two builds can be compared.

    `revision` is the repository's, `commit` the last that touched a source; `engine` is the fingerprint of the whole
    line's; `sources` maps paths to Git's ids of their contents. `reasons` say why it was written when it was.
    """

    key: str
    formats: tuple[str, ...]
    theme: str
    draft: bool
    commit: str
    revision: str
    tree: str
    engine: str
    sources: Mapping[str, str]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureSet:
    """The computed figures of a project on a day and its period; none where the sources are wrong."""

    problems: tuple[Problem, ...] = ()
    period: str = ""
    day: date | None = None
    currency: str = ""
    figures: tuple[Computed, ...] = ()


class PackedProject(Stored, frozen=True, array_like=True):
    """A project's record as it is kept: most of its documents share their sources, so these stand beside them, once.

    `used` are, for each document, the places of its sources in the list.
    """

    bare: ProjectFacts
    sources: tuple[tuple[str, SourceFacts], ...]
    used: tuple[tuple[Annotated[int, Meta(ge=0)], ...], ...]


def pack_project(facts: ProjectFacts) -> PackedProject:
    """Return the record as it is kept."""
    sources = tuple(dict.fromkeys(pair for one in facts.documents for pair in one.sources.items()))
    at = {pair: place for place, pair in enumerate(sources)}
    bare = replace(facts, documents=tuple(replace(one, sources={}) for one in facts.documents))
    used = tuple(tuple(at[pair] for pair in one.sources.items()) for one in facts.documents)
    return PackedProject(bare, sources, used)


def unpack_project(packed: PackedProject) -> ProjectFacts:
    """Return the record; one of BROKEN if it names sources that it does not have."""
    pairs = zip(packed.bare.documents, packed.used, strict=True)
    documents = (replace(one, sources=dict(packed.sources[at] for at in used)) for one, used in pairs)
    return replace(packed.bare, documents=tuple(documents))
