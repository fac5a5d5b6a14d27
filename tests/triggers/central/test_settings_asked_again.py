"""Take a bare repository whose settings nobody can read for now; look again and again; see when they are asked anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from central_world import Team

from pipeline.problems import MACHINE_LACKS, SOURCES_WRONG, Problem, Stop
from pipeline.sources.git.refs import read_default_branch, read_refs
from pipeline.sources.git.repository import open_git
from pipeline.triggers.central.place import find_central
from pipeline.triggers.central.policy import read_policy


@pytest.mark.parametrize(("exit_code", "asked"), [(MACHINE_LACKS, True), (SOURCES_WRONG, False)])
def test_what_the_machine_lacked_is_asked_again_and_no_fault_of_the_commit(
    quiet: Team, exit_code: int, asked: bool
) -> None:
    assert quiet.push().returncode == 0
    central = find_central(quiet.central)
    with open_git(quiet.central) as folder:
        refs, head = read_refs(folder), read_default_branch(folder)

    def lack(root: Path, commit: str, chosen: str, before: str | None) -> Any:
        raise Stop(Problem("DB120", "a file is not here"), exit_code=exit_code)

    first = read_policy(central, head, refs, {}, lack)
    assert [problem.code for problem in first.problems] == ["DB120"]
    assert bool(first.refused["until"]) == asked
