"""Take a bare repository; build and publish what its branches and tags call for until nothing is left; record it.

One builder works in a repository at a time. It takes one branch or tag and looks again after each, so that of many
pushes only the last is built. The default branch goes first, what was never tried before what has failed. Each try is
recorded before it is begun: a commit at which the builder itself is killed is not the first that the next one takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import monotonic

from msgspec import structs

from pipeline.archive.lock import try_lock
from pipeline.problems import DONE, MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.triggers.central import publish as shelf
from pipeline.triggers.central.place import Central
from pipeline.triggers.central.policy import Policy
from pipeline.triggers.central.view import Line, View, is_needed, look
from pipeline.triggers.hooks.builder import MOST_TRIES, begin_entry, describe, end_entry
from pipeline.triggers.hooks.child import LONGEST, LOST, Built, build_commit
from pipeline.triggers.hooks.disk import (
    append_log,
    clear_errors,
    clear_halves,
    make_home,
    make_refusal,
    show_busy,
)
from pipeline.triggers.hooks.state import Entry, State, load_state, save_state
from pipeline.triggers.hooks.tries import find_budget, is_last_budget
from pipeline.visible import show

ROUND = 300.0  # seconds after which a mirror is fetched anew, however much is still to be done
RETRIES = 1800.0  # seconds of one reconcile for what has failed before
Tell = Callable[[str], None]
Asked = tuple[str, str]  # a ref and the commit that was built for it


@dataclass
class Work:
    """One reconcile: what it may take, whom it tells, what is done, and how long it spent on what had failed before.

    `refresh` brings what others have pushed meanwhile: a long line of tags does not hold back the default branch.
    """

    central: Central
    tell: Tell
    longest: float
    retry: bool = False
    refresh: Callable[[], None] | None = None
    done: set[Asked] = field(default_factory=set)
    spent: float = 0.0
    fetched: float = field(default_factory=monotonic)

    def list_todo(self, view: View) -> list[Line]:
        """Return what is still to be built in this reconcile."""
        asked = ((line, (line.ref.name, line.wanted)) for line in view.lines if is_needed(line, retry=self.retry))
        todo = [line for line, key in asked if key not in self.done]
        return [line for line in todo if not _has_failed(line)] if self.spent > RETRIES else todo

    def look_afar(self) -> None:
        """Fetch if the last time is long ago; a host that does not answer stops nothing that is here."""
        if self.refresh is None or monotonic() - self.fetched < ROUND:
            return
        try:
            self.refresh()
        except Stop as stop:
            self.tell(str(stop))
        self.fetched = monotonic()


def reconcile(
    central: Central,
    *,
    tell: Tell = lambda words: None,
    longest: float = LONGEST,
    retry: bool = False,
    refresh: Callable[[], None] | None = None,
) -> View | None:
    """Build and publish until nothing is left to do, and return what is there then.

    None means that another builder is at it; it finds what is new. With `retry`, what failed is tried without waiting
    for its turn. Stop (exit 4) if nothing can be recorded.
    """
    work = Work(central, tell, longest, retry, refresh)
    with clear_errors(central.home):
        make_home(central.home, central.place.git_dir)
        while True:
            with try_lock(central.home / "lock") as held:
                if not held:
                    return None
                with show_busy(central.home):
                    clear_halves(central.home)
                    _until_equal(work)
            # A push that came since the last look found the lock taken and went away: this look is its own.
            view = look(central, load_state(central.home))
            if not work.list_todo(view) and not view.left:
                return view


def drop(central: Central, word: str) -> str:
    """Take away what is published for a branch or tag, forget it, and return its full name; Stop (exit 2) if unknown.

    A tag that is still there is built anew by the next builder.
    """
    with clear_errors(central.home), try_lock(central.home / "lock", wait=True):
        state = load_state(central.home)
        found = [name for name in state.entries if word in (name, *(name.split("/", 2)[2:]))]
        if len(found) != 1:
            hint = f"say which: {', '.join(sorted(found))}" if found else "deedbox status lists what is"
            raise Stop(Problem("DB463", f"nothing is published for `{word}`", hint=hint), exit_code=USAGE)
        shelf.withdraw(central.publish, state.entry(found[0]).published)
        save_state(central.home, state.with_entry(found[0], None))
        return found[0]


def _until_equal(work: Work) -> None:
    central = work.central
    while True:
        work.look_afar()
        state = load_state(central.home)
        view = look(central, state)
        state = _tidy(central, state, view, work.tell)
        todo = work.list_todo(view)
        if not todo:
            shelf.clear_others(central.publish, {line.name for line in view.lines})
            return
        line = min(todo, key=lambda line: _turn(line, view.policy.default))
        start = monotonic()
        after = _try(work, state, view.policy, line)
        if _has_failed(line):
            work.spent += monotonic() - start
        if after.exit_code != LOST or after.tries >= MOST_TRIES:
            work.done.add((line.ref.name, line.wanted))


def _has_failed(line: Line) -> bool:
    return line.entry.tried == line.wanted and line.entry.tries > 0


def _turn(line: Line, default: str) -> tuple[bool, bool, bool, str]:
    """The default branch, other branches, tags; then in the same order what has failed, longest ago first."""
    failed = _has_failed(line)
    return failed, line.ref.name != default, line.ref.is_tag, line.entry.tried_at


def _try(work: Work, state: State, policy: Policy, line: Line) -> Entry:
    """Build a line, and record it: that it is begun, then how it ended."""
    central, name = work.central, line.ref.name
    budget = find_budget(line.entry, line.wanted, work.longest, is_default=name == policy.default)
    begun = structs.replace(begin_entry(line.entry, line.wanted), published=line.name, inside=policy.inside)
    state = save_state(central.home, state.with_entry(name, begun))
    built = _build(central, policy, line, budget)
    if built.is_late and not is_last_budget(begun, budget, work.longest):
        built = replace(built, exit_code=LOST, problems=tuple(map(_says_more_time, built.problems)))
    after = end_entry(begun, built)
    append_log(central.place.log, describe(name, line.wanted, built))
    work.tell(describe(line.ref.short, line.wanted, built))
    save_state(central.home, state.with_entry(name, after))
    return after


def _says_more_time(problem: Problem) -> Problem:
    return replace(problem, hint=f"it is tried again, with more time; {problem.hint}")


def _tidy(central: Central, state: State, view: View, tell: Tell) -> State:
    """Take away what branches that are gone have published, and remember what the settings say."""
    after = state
    for name, published in view.left:
        shelf.withdraw(central.publish, published)
        after = after.with_entry(name, None)
        append_log(central.place.log, f"{name}: not published any more")
        tell(show(f"{name.split('/', 2)[-1]}: not published any more"))
    if view.policy.commit and not view.policy.problems:
        after = structs.replace(after, policy=view.policy.record())
    elif view.policy.refused:
        after = structs.replace(after, policy={**state.policy, "refused": dict(view.policy.refused)})
    return after if after == state else save_state(central.home, after)


def _build(central: Central, policy: Policy, line: Line, budget: float) -> Built:
    try:
        stage = shelf.make_stage(central.publish, line.name)
        built = build_commit(central.place.root, line.wanted, stage, budget, policy.inside, central.chosen)
        if built.exit_code == DONE:
            shelf.show(central.publish, line.name, line.wanted)
        return built
    except Stop as stop:
        return Built(stop.exit_code, stop.problems)
    except OSError as error:
        return Built(MACHINE_LACKS, (make_refusal(central.publish, error),))
