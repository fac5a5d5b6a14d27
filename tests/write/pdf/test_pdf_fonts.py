"""Take an empty cache folder; let two processes fill it at once; check that both get the same whole folder."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.write.fonts import cache_folder, drawable_characters, prepare_fonts

ROOT = Path(__file__).parents[3]
SCRIPT = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pipeline.write.fonts import prepare_fonts
sys.stdout.write(str(prepare_fonts()))
"""


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "faces").iterdir())}


def test_two_processes_at_once_make_one_whole_folder(tmp_path: Path) -> None:
    env = {**os.environ, "DEEDBOX_CACHE": str(tmp_path / "cache & more")}
    runs = [
        subprocess.Popen([sys.executable, "-c", SCRIPT], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    results = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0, 0], results
    folders = {out.decode() for out, _ in results}
    assert len(folders) == 1
    made = Path(folders.pop())
    assert [path.name for path in made.parent.iterdir()] == [made.name]
    assert (made / "CACHEDIR.TAG").read_text(encoding="ascii").startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert "cache &amp; more" in (made / "fonts.conf").read_text(encoding="utf-8")
    # The session's own folder was cut by another run: the same bytes.
    assert digests(made) == digests(prepare_fonts())


def test_the_process_is_pointed_at_our_faces_alone() -> None:
    folder = prepare_fonts()
    assert os.environ["FONTCONFIG_FILE"] == str(folder / "fonts.conf")
    assert len(list((folder / "faces").iterdir())) == 8


def test_the_cache_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEEDBOX_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("DEEDBOX_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "deedbox"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "deedbox"


def test_the_shapes_of_the_theme_can_be_drawn() -> None:
    assert set(map(ord, "●▲■○□−→↑↓–—…\ufffd")) <= drawable_characters()
    assert ord("漢") not in drawable_characters()
