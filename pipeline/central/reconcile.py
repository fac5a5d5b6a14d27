"""Take a bare repository; build and publish what its branches and tags call for until nothing is left; record it.

One builder works in a repository at a time. It takes one branch or tag, the one that has waited longest, and looks
again after each, so that of many pushes only the last is built. What fails is recorded and stands in nobody's way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from pipeline.central import shelf
from pipeline.central.place import Central
from pipeline.central.policy import Policy, stand_inside
from pipeline.central.view import Line, View, is_needed, look
from pipeline.hooks.builder import MOST_TRIES, describe, make_entry
from pipeline.hooks.child import LONGEST, LOST, Built, build_commit
from pipeline.hooks.disk import append_log, clear_errors, make_home, make_refusal, show_busy, try_lock
from pipeline.hooks.state import State, load_state, save_state
from pipeline.problems import DONE, MACHINE_LACKS, USAGE, Problem, Stop

Tell = Callable[[str], None]
Asked = tuple[str, str]  # a ref and the commit that was built for it


def reconcile(central: Central, *, tell: Tell = lambda words: None, longest: float = LONGEST) -> View | None:
    """Build and publish until nothing is left to do, and return what is there then.

    None means that another builder is at it; it finds what is new. Stop (exit 4) if nothing can be recorded.
    """
    with clear_errors(central.home):
        make_home(central.home, central.place.git_dir)
        while True:
            with try_lock(central.home / "lock") as held:
                if not held:
                    return None
                with show_busy(central.home):
                    done = _until_equal(central, tell, longest)
            # A push that came since the last look found the lock taken and went away: this look is its own.
            view = look(central, load_state(central.home))
            if not _list_todo(view, done) and not view.left:
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


def _until_equal(central: Central, tell: Tell, longest: float) -> set[Asked]:
    done: set[Asked] = set()
    while True:
        state = load_state(central.home)
        view = look(central, state)
        state = _tidy(central, state, view, tell)
        todo = _list_todo(view, done)
        if not todo:
            shelf.clear_others(central.publish, {line.name for line in view.lines})
            return done
        line = min(todo, key=lambda line: line.entry.tried_at)
        built = _build(central, view.policy, line, longest)
        entry = make_entry(line.entry, line.wanted, built)
        append_log(central.place.log, describe(line.ref.name, line.wanted, built))
        tell(describe(line.ref.short, line.wanted, built))
        save_state(
            central.home,
            state.with_entry(line.ref.name, replace(entry, published=line.name, inside=view.policy.inside)),
        )
        if built.exit_code != LOST or entry.tries >= MOST_TRIES:
            done.add((line.ref.name, line.wanted))


def _list_todo(view: View, done: Collection[Asked]) -> list[Line]:
    return [line for line in view.lines if is_needed(line) and (line.ref.name, line.wanted) not in done]


def _tidy(central: Central, state: State, view: View, tell: Tell) -> State:
    """Take away what branches that are gone have published, and remember what the settings say."""
    after = state
    for name, published in view.left:
        shelf.withdraw(central.publish, published)
        after = after.with_entry(name, None)
        append_log(central.place.log, f"{name}: not published any more")
        tell(f"{name.split('/', 2)[-1]}: not published any more")
    if view.policy.commit and not view.policy.problems:
        after = replace(after, policy=view.policy.record())
    return after if after == state else save_state(central.home, after)


def _build(central: Central, policy: Policy, line: Line, longest: float) -> Built:
    try:
        inside = stand_inside(central, line.wanted, policy.inside)
        stage = shelf.make_stage(central.publish, line.name)
        built = build_commit(central.place.root, line.wanted, stage, longest, inside)
        if built.exit_code == DONE:
            shelf.show(central.publish, line.name, line.wanted)
        return built
    except Stop as stop:
        return Built(stop.exit_code, stop.problems)
    except OSError as error:
        return Built(MACHINE_LACKS, (make_refusal(central.publish, error),))
