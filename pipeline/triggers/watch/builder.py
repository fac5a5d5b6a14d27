"""Take a request, again and again; build it, what somebody waits for first; know whether that is what lies there.

Whatever goes wrong in a build becomes its problems: a watch outlives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from pipeline.archive.stamp import check_stamp, find_stamp
from pipeline.build.build import build
from pipeline.build.request import Outcome, Report, Request
from pipeline.build.up_to_date import BuildStart, begin_build
from pipeline.problems import DONE, OUR_BUG, SOURCES_WRONG, Place, Problem, Stop, sort_problems
from pipeline.sources.editor_files import is_passing
from pipeline.sources.places import SETTINGS
from pipeline.sources.stats import find_young, read_marks
from pipeline.sources.tree_marks import Glance
from pipeline.triggers.watch.events import Built, Event, Renewed
from pipeline.triggers.watch.focus import Focus, Superseded


@dataclass
class Builder:
    """Builds a request. `look` is how the sources looked before the last build, None where Git could not tell.

    `pages` is a folder for web pages of all documents, where the build itself makes none; `crash` keeps an exception of
    ours and gives its place.
    """

    request: Request
    pages: Path | None
    tell: Callable[[Event], None]
    crash: Callable[[Exception], str]
    report: Report
    output: Path = field(init=False)
    look: Look | None = None
    is_stamped: bool = False
    _start: BuildStart | None = None
    _has_pages: bool = False
    _focus: Focus = field(init=False)

    def __post_init__(self) -> None:
        self._focus = Focus(self.request.selectors)
        self.output = (self.request.output or self.request.root / "build").resolve()

    @property
    def focuses(self) -> bool:
        """Return whether documents may be built before the whole: not where a warning anywhere forbids all of them."""
        return not self.request.strict

    def has_moved(self, *, hinted: bool) -> bool:
        """Return whether what was built may not be what lies there; where Git cannot tell, whether there is a hint."""
        if self.is_stamped and self._start:
            return not _holds(self._start)
        return self.look.has_moved() if self.look else hinted

    def build_focus(self, settle: Callable[[], None]) -> Built | None:
        """Build the documents for which somebody waits, if they are few; None if not, or if nothing came of it.

        `settle` returns when all is quiet. It is called when the documents are made; they are saved if nothing has
        moved meanwhile.
        """
        look = self._take_look()
        changed = look.list_changed(self.look) if look and self.look else ()
        selectors = self._focus.find(self.output, changed)
        if not (look and selectors and self.focuses):
            return None
        begun, request = monotonic(), replace(self.request, selectors=selectors, stamp=False)

        def confirm() -> None:
            settle()
            if look.has_moved():
                raise Superseded

        # Whatever goes wrong here, the whole build that follows tells of it.
        with suppress(Exception):
            self._build_pages(request, confirm)
            outcome = build(request, self.report, ready=confirm)
            if outcome.exit_code == DONE:
                return replace(_make_built(outcome), changed=changed, seconds=monotonic() - begun, is_whole=False)
        return None

    def build_whole(self, report: Report) -> Built:
        """Build all; raise Superseded if `report` does."""
        begun, before = monotonic(), self.look
        self.is_stamped, self._start, self.look = False, None, None
        try:
            built = self._try_build(report)
        except Superseded:
            self.look = before  # nothing of this build was saved
            raise
        changed = self.look.list_changed(before) if self.look else ()
        return replace(built, changed=changed, seconds=monotonic() - begun)

    def _try_build(self, report: Report) -> Built:
        if not (self.request.root / SETTINGS).is_file():
            return _make_failed(_GONE)
        try:
            self.look = self._take_look()
            self._build_pages(replace(self.request, stamp=False), lambda: None)
            outcome = build(self.request, report, begun=self._start)
            self._note(outcome)
            return _make_built(outcome)
        except Stop as stop:
            return _make_failed(stop)
        except Superseded:
            raise
        except Exception as error:
            return _make_failed(Stop(_make_bug(self.crash(error)), exit_code=OUR_BUG))

    def _take_look(self) -> Look | None:
        self._start = begin_build(self.request)
        return make_look(self._start.glance) if self._start and self._start.glance else None

    def _build_pages(self, request: Request, ready: Callable[[], None]) -> None:
        """Make the web pages first: they are there before a PDF is laid out. What is wrong the build itself tells."""
        if self.pages and not self._has_pages:
            with suppress(Stop):
                outcome = build(replace(request, formats=("html",), output=self.pages), self.report, ready=ready)
                if outcome.written:
                    self.tell(Renewed(outcome.written, outcome.problems))

    def _note(self, outcome: Outcome) -> None:
        self.output = outcome.output.resolve()
        self._has_pages = any(step.format == "html" for step in outcome.steps)
        self.is_stamped = bool(self._start and outcome.exit_code == DONE and _holds(self._start))


def _holds(start: BuildStart) -> bool:
    return check_stamp(find_stamp(str(start.store), *start.call[:2]), start.call) is not None


def _make_built(outcome: Outcome) -> Built:
    return Built(
        exit_code=outcome.exit_code,
        problems=outcome.problems,
        written=outcome.written,
        steps=outcome.steps,
        output=outcome.output,
        revision=outcome.revision,
        dirty=outcome.dirty,
    )


def _make_failed(stop: Stop) -> Built:
    return Built(exit_code=stop.exit_code, problems=sort_problems(stop.problems))


def _make_bug(log: str) -> Problem:
    return Problem("DB449", f"this is a bug of Deedbox; the details are in {log}", hint="please report it")


_GONE = Stop(
    Problem("DB445", "the settings are gone", Place(SETTINGS), "Deedbox waits for them to come back; Ctrl-C ends it"),
    exit_code=SOURCES_WRONG,
)


_UNKNOWN_AGE = 0


@dataclass(frozen=True, slots=True)
class Look:
    """How the files and folders of a work tree, and Git's state of it, looked before they were read.

    `is_young` says that one of them had just changed: a change after that may have left no trace.
    """

    root: str
    marks: Mapping[str, bytes]
    folders: frozenset[str]
    state: frozenset[str]
    is_young: bool

    def has_moved(self) -> bool:
        """Return whether anything looks otherwise now; a file that has come shows in its folder."""
        return read_marks(list(self.marks)) != b"".join(self.marks.values())

    def list_changed(self, before: Look | None) -> tuple[str, ...]:
        """Return the paths below the root, sorted, that look otherwise than before, came or went.

        `HEAD` stands for all from which Git knows what is checked out.
        """
        old: Mapping[str, bytes] = before.marks if before else {}
        paths = (path for path in self.marks.keys() | old.keys() if self.marks.get(path) != old.get(path))
        return tuple(sorted(set(self._name(paths, before)))) if before else ()

    def _name(self, paths: Iterator[str], before: Look | None) -> Iterator[str]:
        folders = self.folders | (before.folders if before else frozenset())
        state = self.state | (before.state if before else frozenset())
        for path in paths:
            if path.startswith(f"{self.root}/") and path not in state and path not in folders:
                if is_passing(path):
                    continue
                yield path.removeprefix(f"{self.root}/")
            elif Path(path).name in ("HEAD", "packed-refs") or "/refs/" in path:
                yield "HEAD"


def make_look(glance: Glance) -> Look:
    """Return a look from the glance that was taken before a build."""
    marks = glance.marks
    young = glance.now == _UNKNOWN_AGE or bool(find_young(b"".join(marks.values()), glance.now))
    return Look(glance.root, marks, frozenset(glance.folders), frozenset(glance.state), young)
