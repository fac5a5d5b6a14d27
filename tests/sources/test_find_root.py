"""Take folders inside and outside of repositories; look for the root; hold the refusals to code, exit code and hint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sources_work import SETTINGS, Work

from pipeline.problems import USAGE, Stop
from pipeline.sources.root import find_root

ENGINE = Path(__file__).parents[2]


def refusal(start: Path) -> tuple[int, str, str]:
    with pytest.raises(Stop) as stop:
        find_root(start)
    return stop.value.exit_code, stop.value.problems[0].code, stop.value.problems[0].hint


def test_root_is_found_from_any_folder_below_it(work: Work) -> None:
    assert find_root(work.root) == work.root
    assert find_root(work.root / "atlas" / "images") == work.root
    assert find_root(work.root / ".git") == work.root


def test_nearest_settings_win(work: Work) -> None:
    work.write({"inner/deedbox.yaml": SETTINGS, "inner/a/b.md": ""})
    assert find_root(work.root / "inner" / "a") == work.root / "inner"


def test_bare_repository_is_its_own_root(work: Work, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    work.git("clone", "--quiet", "--bare", ".", str(bare))
    assert find_root(bare) == bare


def test_linked_work_tree_has_its_own_root(work: Work, tmp_path: Path) -> None:
    work.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert find_root(tmp_path / "linked" / "atlas") == tmp_path / "linked"


def test_folder_without_settings_stops_with_a_hint_to_init(tmp_path: Path) -> None:
    exit_code, code, hint = refusal(tmp_path)
    assert (exit_code, code) == (USAGE, "DB101")
    assert "deedbox init" in hint
    assert "-C" in hint


def test_settings_outside_of_git_stop_with_a_hint_to_git_init(tmp_path: Path) -> None:
    (tmp_path / "deedbox.yaml").write_text(SETTINGS)
    exit_code, code, hint = refusal(tmp_path)
    assert (exit_code, code) == (USAGE, "DB102")
    assert "git init" in hint


def test_damaged_repository_stops(work: Work) -> None:
    (work.root / ".git" / "HEAD").unlink()
    exit_code, code, _ = refusal(work.root)
    assert (exit_code, code) == (USAGE, "DB102")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_repository_of_somebody_else_stops_with_a_hint_to_safe_directory(work: Work) -> None:
    assert find_root(work.root) == work.root  # what was found once is not taken for granted
    for path in (work.root, work.root / ".git"):
        os.chown(path, 12345, 12345)
    exit_code, code, hint = refusal(work.root)
    assert (exit_code, code) == (USAGE, "DB113")
    assert f"safe.directory '{work.root}'" in hint


def test_computer_without_git_stops_with_exit_code_4(work: Work, tmp_path: Path) -> None:
    program = (
        "from pathlib import Path\n"
        "from pipeline.problems import Stop\n"
        "from pipeline.sources.root import find_root\n"
        "try:\n    find_root(Path.cwd())\n"
        "except Stop as stop:\n    print(stop.exit_code, stop.problems[0].code)\n"
    )
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(ENGINE)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=work.root, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "4 DB100\n"


def test_reading_the_room_does_not_load_gitpython() -> None:
    program = (
        "import sys, pipeline.sources.root, pipeline.sources.worktree, pipeline.sources.frontmatter\n"
        "print('git' in sys.modules, 'yaml' in sys.modules)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ENGINE)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
