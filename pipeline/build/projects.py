"""Take a snapshot and what earlier builds learned; have those projects rendered that moved; give facts and trees.

A project sees its own folder, the shared files and what it looked at beside them: where none of this moved, nothing of
it is loaded or rendered, and its facts are those of the build that did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.archive.store.build_records import BuildRecords
from pipeline.build.renderer import Renderer, open_renderer
from pipeline.document.packing import Packed
from pipeline.host.engine import read_line_engine
from pipeline.model.load import list_projects, load_settings
from pipeline.model.settings import Settings
from pipeline.plan.records import LookFacts, ProjectFacts
from pipeline.plan.select import Selection, read_selectors
from pipeline.plan.trace import is_same, make_look_key, make_project_key
from pipeline.problems import Place, Problem, Stop, has_errors
from pipeline.sources.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ReadyProject:
    """A project that is ready to be planned and written: its facts, and the trees of documents rendered now.

    `key` stands for its state. `fresh` says that it was rendered whole and without an error in this run; `known_since`
    is the revision at which it was remembered, None if it was not.
    """

    key: str
    facts: ProjectFacts
    trees: Mapping[str, Packed] = field(default_factory=dict)
    fresh: bool = False
    known_since: str | None = None


@dataclass
class WantedProjects:
    """The projects of a snapshot that are wanted, each remembered by an earlier build or rendered.

    `names` are all projects, `problems` those of the settings and of the snapshot.
    """

    snapshot: Snapshot
    settings: Settings
    names: tuple[str, ...]
    selection: Selection
    records: BuildRecords
    problems: tuple[Problem, ...]

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """Return the wanted projects."""
        return tuple(filter(self.selection.wants_project, self.names))

    @cached_property
    def look_key(self) -> str:
        """Return the key of the look."""
        return make_look_key(self.snapshot, read_line_engine().digest)

    @cached_property
    def renderer(self) -> Renderer:
        """Return what renders the projects of this snapshot."""
        return open_renderer(self.snapshot, self.settings, self.selection)

    @cached_property
    def look_facts(self) -> LookFacts:
        """Return what is known of the look; Stop where the theme cannot be used."""
        return self.records.read_look(self.look_key) or self.renderer.look[0]

    def render_wanted(self, *, anew: bool = False) -> Iterator[ReadyProject]:
        """Give each wanted project in order, remembered or rendered; `anew` remembers nothing."""
        for name in self.wanted:
            key = make_project_key(self.snapshot, self.look_key, name)
            yield (None if anew else self._remember(key)) or self.render(name, key)

    def render(self, name: str, key: str = "") -> ReadyProject:
        """Return a project with its documents rendered, whatever is remembered."""
        facts, trees = self.renderer.render(name)
        return ReadyProject(key, facts, trees, fresh=self._is_whole(facts))

    def close(self) -> None:
        """Let go of the process that renders, if there is one."""
        if "renderer" in self.__dict__:
            self.renderer.close()

    def _remember(self, key: str) -> ReadyProject | None:
        found = self.records.read_project(key)
        if found is None or not is_same(*found, self.snapshot):
            return None
        return ReadyProject(key, found[0], known_since=found[1])

    def _is_whole(self, facts: ProjectFacts) -> bool:
        """Return whether the facts may be remembered: every document is there, without errors, its time known."""
        unknown = not self.snapshot.shallow and not all(one.commit or one.draft for one in facts.documents)
        faults = (*facts.problems, *(problem for one in facts.documents for problem in one.problems))
        return len(facts.documents) == len(facts.known) and not unknown and not has_errors(faults)


def open_projects(snapshot: Snapshot, selectors: tuple[str, ...], records: BuildRecords) -> WantedProjects:
    """Return the wanted projects of a snapshot; Stop where there are no settings, no project or no such project."""
    settings, problems = load_settings(snapshot)
    if settings is None:
        raise Stop(*snapshot.problems, *problems)
    names = list_projects(snapshot, settings)
    if not names:
        raise Stop(*snapshot.problems, *problems, _NO_PROJECT)
    selection = read_selectors(selectors, names)
    return WantedProjects(snapshot, settings, names, selection, records, (*snapshot.problems, *problems))


_NO_PROJECT = Problem(
    "DB383",
    "there is no project here yet",
    Place("deedbox.yaml"),
    "make a folder with a project.yaml, or: deedbox init DIR",
)
