"""Take a small project; have it rendered in processes that die, hang or cannot be started; check what is said."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from render_project import FILES

from pipeline.build.renderer import ConfinedRenderer
from pipeline.build.rendering import DirectRenderer
from pipeline.model.load import load_settings
from pipeline.plan.select import Selection
from pipeline.processes.fork_server import RENDERERS
from pipeline.processes.limits import Limits
from pipeline.sources.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
TIME = datetime(2026, 10, 1, tzinfo=UTC)
WIDE = Limits(memory=1024, processor=60, time=120, rendering=60)


def make_snapshot() -> Snapshot:
    return Snapshot.of(FILES, TIME)


def open_apart(limits: Limits = WIDE) -> ConfinedRenderer:
    snapshot = make_snapshot()
    settings, _ = load_settings(snapshot)
    assert settings is not None
    return ConfinedRenderer(snapshot, settings, Selection(), limits)


def test_a_project_is_the_same_wherever_it_is_rendered() -> None:
    apart = open_apart()
    here = DirectRenderer(apart.snapshot, apart.settings, apart.selection)
    facts, trees = apart.render("atlas")
    own_facts, own_trees = here.render("atlas")
    assert facts == own_facts and trees == own_trees and len(trees) > 3
    assert apart.look == here.look
    assert apart.compute("atlas", None) == here.compute("atlas", None)
    apart.close()


def test_a_process_that_died_while_nobody_needed_it_is_replaced() -> None:
    first = open_apart()
    facts, _ = first.render("atlas")
    assert first._worker is not None
    dead = first._worker
    first.close()
    dead.kill()
    second = open_apart()
    assert second.render("atlas")[0] == facts
    second.close()


def test_a_process_that_dies_between_two_projects_is_replaced_once() -> None:
    apart = open_apart()
    facts, _ = apart.render("atlas")
    assert apart._worker is not None
    apart._worker.kill()
    assert apart.render("atlas")[0] == facts
    apart.close()


def test_where_no_process_can_be_started_any_more_the_project_is_given_up() -> None:
    """A process has rendered before, so one more is tried; when that fails too, it is said."""
    script = (
        "import os, resource, sys\n"
        f"sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'tests/build')!r}, {str(ROOT / 'tests/worlds')!r}]\n"
        "from test_renderer import open_apart\n"
        "apart = open_apart()\n"
        "assert not apart.render('atlas')[0].problems\n"
        "apart._worker.kill()\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "held = []\n"
        "try:\n"
        "    while True: held.append(os.open(os.devnull, os.O_RDONLY))\n"
        "except OSError: pass\n"
        "facts, trees = apart.render('atlas')\n"
        "print(*(one.code for one in facts.problems), len(trees))\n"
        "for one in held: os.close(one)\n"
        "print(len(apart.render('atlas')[0].problems))\n"
    )
    command = [sys.executable, "-I", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100)
    assert done.stdout == "DB426 0\n0\n", done.stderr


def test_the_server_may_be_stopped_and_starts_again() -> None:
    apart = open_apart()
    facts, _ = apart.render("atlas")
    RENDERERS.stop()
    assert apart.render("atlas")[0] == facts
    apart.close()


def test_who_is_forked_to_render_finds_every_room_that_it_needs_loaded() -> None:
    script = (
        "import sys, pipeline.build.render_preload; loaded = set(sys.modules); import test_renderer as here; "
        "apart = here.open_apart(); one = here.DirectRenderer(apart.snapshot, apart.settings, apart.selection); "
        "assert len(one.render('atlas')[1]) > 3; print([m for m in set(sys.modules) - loaded "
        "if m.startswith(('pipeline.render', 'pipeline.controls', 'pipeline.model', 'jinja2', 'markdown_it'))])"
    )
    folders = [str(ROOT / name) for name in ("", "tests/build", "tests/worlds")]
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path[:0] = {folders}; {script}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "[]\n", found.stdout
