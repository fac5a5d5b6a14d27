"""Take a folder for temporary files; open scratch folders in it; see that dead ones go, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.archive.scratch import open_scratch


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_scratch_folder_is_gone_behind_its_block(base: Path) -> None:
    with pytest.raises(KeyError), open_scratch("test") as folder:
        (folder / "a/b").mkdir(parents=True)
        assert folder.parent == base
        raise KeyError
    assert list(base.iterdir()) == []


def test_what_a_dead_run_left_goes_and_what_lives_or_is_not_ours_stays(base: Path) -> None:
    (base / "elsewhere").mkdir()
    (base / "elsewhere/.in-use").touch()
    (base / "deedbox-test-link").symlink_to(base / "elsewhere")
    (base / "deedbox-test-other").mkdir()
    (base / "deedbox-test-dead").mkdir()
    (base / "deedbox-test-dead/.in-use").touch()
    with open_scratch("test") as living, open_scratch("test"):
        assert living.is_dir()
    left = {path.name for path in base.iterdir()}
    assert left == {"elsewhere", "deedbox-test-link", "deedbox-test-other"}
    assert (base / "elsewhere/.in-use").is_file()
