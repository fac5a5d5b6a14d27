"""Take what a build learns of documents and their files; hold it as frozen records; give and read them as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, ItemsView, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from pipeline.problems import Problem, list_problems, read_problems

if TYPE_CHECKING:
    from pipeline.controls.catalogue import Computed

# What reading a record raises where somebody else wrote it, or a disk forgot half of it.
BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One finished file: SHA-256 (hex) and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What writing a document came to: its files by format, pages (0 where unknown), and the warnings to say again."""

    files: Mapping[str, FileFacts]
    pages: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFacts:
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


@dataclass(frozen=True, slots=True)
class DocumentFacts:
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
    sources: Mapping[str, SourceFacts] = field(default_factory=dict)
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


@dataclass(frozen=True, slots=True)
class Trace:
    """What a project's documents saw besides its own folder and the shared files, and the history they told of.

    `paths` maps a path to the id of its content ("" for none, with "*" where no commit holds it); `lists` are (start,
    end, digest of the paths found); `history` is a digest of the commits of all sources, `baselines` one of the
    baselines ("" where nobody asked for them).
    """

    paths: Mapping[str, str] = field(default_factory=dict)
    lists: tuple[tuple[str, str, str], ...] = ()
    history: str = ""
    baselines: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What the line knows of a project: its line in the list, the names of all its documents, those rendered."""

    id: str
    name: str = ""
    title: str = ""
    phase: str = ""
    known: tuple[str, ...] = ()
    documents: tuple[DocumentFacts, ...] = ()
    problems: tuple[Problem, ...] = ()
    trace: Trace = Trace()


@dataclass(frozen=True, slots=True)
class LookFacts:
    """What the line knows of the look that all documents share: the digest of the theme, and what is wrong."""

    theme: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
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


def dump_kept(kept: Kept) -> str:
    """Return the record as one line of JSON."""
    files = {format: [one.sha256, one.size] for format, one in kept.files.items()}
    return _dump({"files": files, "pages": kept.pages, "problems": list_problems(kept.problems)})


def load_kept(text: str) -> Kept:
    """Return the record of a JSON text; one of BROKEN if it is none."""
    raw = json.loads(text)
    files = {str(format): FileFacts(str(digest), int(size)) for format, (digest, size) in raw["files"].items()}
    return Kept(files, int(raw["pages"]), read_problems(raw["problems"]))


def dump_project(facts: ProjectFacts) -> str:
    """Return the record as one line of JSON."""
    sources = list(dict.fromkeys(pair for one in facts.documents for pair in one.sources.items()))
    at = {pair: number for number, pair in enumerate(sources)}
    return _dump({
        "sources": [[path, one.sha256, one.id] for path, one in sources],
        "line": [facts.id, facts.name, facts.title, facts.phase],
        "known": facts.known,
        "documents": [_list_document(one, at) for one in facts.documents],
        "problems": list_problems(facts.problems),
        "trace": [dict(facts.trace.paths), facts.trace.lists, facts.trace.history, facts.trace.baselines],
    })  # fmt: skip


def load_project_facts(text: str) -> ProjectFacts:
    """Return the record of a JSON text; one of BROKEN if it is none."""
    raw = json.loads(text)
    paths, lists, history, baselines = raw["trace"]
    id, name, title, phase = raw["line"]
    sources = {at: (path, SourceFacts(digest, id)) for at, (path, digest, id) in enumerate(raw["sources"])}
    return ProjectFacts(
        id,
        name,
        title,
        phase,
        known=tuple(raw["known"]),
        documents=tuple(_read_document(one, sources) for one in raw["documents"]),
        problems=read_problems(raw["problems"]),
        trace=Trace(paths, tuple((start, end, digest) for start, end, digest in lists), history, baselines),
    )


def dump_look(facts: LookFacts) -> str:
    """Return the record as one line of JSON."""
    return _dump([facts.theme, list_problems(facts.problems)])


def load_look_facts(text: str) -> LookFacts:
    """Return the record of a JSON text; one of BROKEN if it is none."""
    theme, problems = json.loads(text)
    return LookFacts(str(theme), read_problems(problems))


def dump_basis(basis: Basis) -> str:
    """Return the record as one line of JSON."""
    fields = {name: getattr(basis, name) for name in Basis.__dataclass_fields__}
    return _dump({**fields, "sources": dict(basis.sources)})


def load_basis(text: str) -> Basis:
    """Return the record of a JSON text; one of BROKEN if it is none."""
    raw = json.loads(text)
    return Basis(**{**raw, "formats": tuple(raw["formats"]), "reasons": tuple(raw["reasons"])})


def _list_document(facts: DocumentFacts, at: Mapping[tuple[str, SourceFacts], int]) -> list[Any]:
    """Return a document in plain values; `at` numbers the sources of its project, which most of its documents share."""
    words = [facts.name, facts.title, facts.period, facts.language, facts.commit, facts.date, facts.tree, facts.draft]
    sources = [at[pair] for pair in facts.sources.items()]
    more = [facts.type, facts.main, facts.version, facts.state, facts.stated, facts.gone]
    return [words, sources, list_problems(facts.problems), more]


def _read_document(raw: Any, sources: Mapping[int, tuple[str, SourceFacts]]) -> DocumentFacts:
    (name, title, period, language, commit, date, tree, draft), numbers, problems, more = raw
    read = dict(sources[number] for number in numbers)
    type, main, version, state, stated, gone = more
    words = (name, title, period, language, commit, date, tree, bool(draft))
    return DocumentFacts(*words, read, read_problems(problems), type, main, version, state, bool(stated), tuple(gone))


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
