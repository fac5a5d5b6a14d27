"""Take how far a build is, known or not; show it as lines and as words of a watch; check what a person reads."""

from __future__ import annotations

import pytest

from pipeline.cli.progress import show_progress
from pipeline.cli.session import Settings
from pipeline.cli.watch_words import Show

TOLD = [(1, 0, "atlas/charter"), (9, 12, "atlas/work-plan"), (12, 12, "beacon/charter"), (0, 0, "waiting for another")]


def test_lines_tell_what_is_done_and_of_how_many_where_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(Settings()) as report:
        for one in TOLD:
            report(*one)
    assert capsys.readouterr().err.splitlines() == [
        "[1/?] atlas/charter",
        "[ 9/12] atlas/work-plan",
        "[12/12] beacon/charter",
        "waiting for another",
    ]


def test_quiet_lines_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(Settings(verbosity=-1)) as report:
        for one in TOLD:
            report(*one)
    assert capsys.readouterr().err == ""


def test_a_watch_without_a_terminal_says_only_what_is_no_count(capsys: pytest.CaptureFixture[str]) -> None:
    words = Show(Settings(), "")
    for one in TOLD:
        words.report(*one)
    assert capsys.readouterr().err == "waiting for another\n"
