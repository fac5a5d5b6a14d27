"""Take a request and an open store; put together what a build knows from its beginning; give it as one frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.archive.inside import find_output
from pipeline.archive.outputs import Outputs
from pipeline.archive.store import Store, explain_absence, find_store
from pipeline.build.last_build import LastBuild
from pipeline.build.projects import WantedProjects
from pipeline.build.request import Outcome, Report, Request
from pipeline.host.config import read_host
from pipeline.model.settings import Settings
from pipeline.problems import Problem, has_errors
from pipeline.sources.git.repository import Repository
from pipeline.sources.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What one build knows from its beginning: what is asked for, the wanted projects, what earlier builds left.

    `outputs` is the output folder with what is known of its files; `formats` are those in which documents are written.
    """

    request: Request
    projects: WantedProjects
    store: Store
    last: LastBuild
    outputs: Outputs
    formats: tuple[str, ...]

    @property
    def snapshot(self) -> Snapshot:
        """Return the sources."""
        return self.projects.snapshot

    @property
    def shared_problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with what all projects share: the settings, the people, the look."""
        return (*self.projects.problems, *self.projects.look_facts.problems)

    def has_errors(self, problems: Iterable[Problem]) -> bool:
        """Return whether any of these problems is an error here, where warnings may be taken for some."""
        return has_errors(problems, strict=self.request.strict)


def make_context(
    request: Request, repository: Repository, projects: WantedProjects, store: Store, report: Report
) -> BuildContext:
    """Return what a build knows from its beginning, after giving its store the bounds that host and settings say."""
    settings = projects.settings
    output = request.output or find_output(request.root, settings.output)
    if not request.dry_run and request.store is None:
        _connect(store, settings, request, report)
    last = LastBuild(store.records, repository, output, projects.snapshot)
    return BuildContext(request, projects, store, last, last.open_outputs(), request.formats or settings.formats)


def _connect(store: Store, settings: Settings, request: Request, report: Report) -> None:
    host = read_host(request.root)
    store.largest = min(settings.cache.megabytes, host.megabytes) * 1_000_000
    if host.remote:
        from pipeline.archive.store.remote import Remote

        store.connect(Remote(host.remote, lambda words: report(0, 0, words)), write=host.write)


def find_folder(request: Request) -> Path | None:
    """Return the store's folder; None where somebody else could have put things there."""
    return request.store or find_store(request.root)


@contextmanager
def open_store(folder: Path | None, request: Request, *, writable: bool) -> Iterator[Store]:
    """Give the store in a folder, for the time of a `with` block."""
    store = Store(folder, root=None if request.store else request.root, writable=writable)
    try:
        yield store
    finally:
        store.close()


def tell_of_store(outcome: Outcome, store: Store, request: Request) -> Outcome:
    """Add what is wrong with the store: that is about this machine, so it is no error even where warnings are."""
    absent = () if request.store else explain_absence(request.root)
    return replace(outcome, problems=(*outcome.problems, *absent, *store.find_trouble()))
