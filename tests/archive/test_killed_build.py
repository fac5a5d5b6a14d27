"""Take builds that are killed, or that run at once; check that no file is torn and that the next build tidies up."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from build_sample import make_files, make_sample, read_tree

from pipeline.archive.lock import lock_folder
from pipeline.archive.manifest import read_manifest
from pipeline.archive.save import remove_build, save_build

ROOM = Path(__file__).parent
MANY = tuple(f"atlas/document-{number:02}.pdf" for number in range(30))
SIZE = 5_000
POINTS = 8

CHILD = f"""
import sys; sys.path.insert(0, {str(ROOM)!r})
from pathlib import Path
from build_sample import make_files, make_sample
from pipeline.archive.save import save_build
from test_killed_build import MANY, SIZE
files = make_files(sys.argv[2], MANY[: int(sys.argv[3])], SIZE)
manifest = make_sample(files, revision=sys.argv[2][0] * 40)
print("ready", flush=True)
sys.stdin.readline()
save_build(Path(sys.argv[1]), files, manifest, whole=True, notify=lambda words: print(words, flush=True))
"""


def start(output: Path, content: str, count: int = len(MANY)) -> subprocess.Popen[str]:
    """Start a build in a process of its own, up to where it waits for the word to save."""
    command = [sys.executable, "-c", CHILD, str(output), content, str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def finish(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output


def save(output: Path, content: str, count: int = len(MANY)) -> None:
    files = make_files(content, MANY[:count], SIZE)
    save_build(output, files, make_sample(files, revision=content[0] * 40), whole=True)


def measure(output: Path) -> float:
    process = start(output, "measure")
    go(process)
    begun = time.perf_counter()
    finish(process)
    return time.perf_counter() - begun


@pytest.mark.parametrize("first", [True, False], ids=["first build", "later build"])
def test_killed_build_leaves_whole_files_and_the_next_one_tidies_up(tmp_path, first):
    whole = measure(tmp_path / "measure")
    old, new = make_files("old", MANY, SIZE), make_files("new", MANY, SIZE)
    for point in range(POINTS):
        output = tmp_path / f"build-{point}"
        if not first:
            save(output, "old")
        process = start(output, "new")
        go(process)
        time.sleep(whole * point / POINTS)
        process.kill()
        process.communicate()
        tree = read_tree(output) if output.exists() else {}
        for path in MANY:
            assert first or path in tree
            assert tree.get(path, new[path]) in (old[path], new[path])
        if "manifest.json" in tree:
            revision = read_manifest(tree["manifest.json"]).revision
            assert revision in ("o" * 40, "n" * 40)
            assert revision == "o" * 40 or all(tree[path] == new[path] for path in MANY)
        save(output, "later", count=20)
        expected = {*MANY[:20], ".gitignore", ".lock", "index.html", "manifest.json"}
        assert set(read_tree(output)) == expected
        assert not (output / ".stage").exists()


def test_files_of_a_build_killed_twice_are_still_known_as_ours(tmp_path):
    """The first kill leaves files without a manifest; a second one must not make them foreign."""
    save(tmp_path, "old")
    (tmp_path / "manifest.json").rename(tmp_path / "kept")
    stage = tmp_path / ".stage"
    stage.mkdir()
    names = {path: [sha256(data).hexdigest()] for path, data in make_files("old", MANY, SIZE).items()}
    (stage / "names.json").write_text(json.dumps(names))
    (tmp_path / "kept").unlink()
    process = start(tmp_path, "new", count=10)
    go(process)
    deadline = time.monotonic() + 10
    while not (stage / "files").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    process.kill()
    process.communicate()
    save(tmp_path, "later", count=5)
    assert set(read_tree(tmp_path)) == {*MANY[:5], ".gitignore", ".lock", "index.html", "manifest.json"}


def test_second_build_says_that_it_waits_and_then_goes_on(tmp_path):
    with lock_folder(tmp_path, print):
        process = start(tmp_path, "new")
        go(process)
        assert process.stdout is not None
        assert "waiting" in process.stdout.readline()
        assert process.poll() is None
        assert set(read_tree(tmp_path)) == {".lock"}
    finish(process)
    assert read_tree(tmp_path)[MANY[0]] == make_files("new", MANY, SIZE)[MANY[0]]


def test_two_builds_at_once_end_as_one_of_them(tmp_path):
    processes = [start(tmp_path, content) for content in ("alpha", "beta")]
    for process in processes:
        go(process)
    for process in processes:
        finish(process)
    tree = read_tree(tmp_path)
    content = {"a": "alpha", "b": "beta"}[read_manifest(tree["manifest.json"]).revision[0]]
    assert {path: tree[path] for path in MANY} == make_files(content, MANY, SIZE)


def test_build_that_waits_for_a_clean_still_holds_a_real_lock(tmp_path):
    output = tmp_path / "build"
    save(output, "old")
    process = start(output, "new")
    with lock_folder(output, print):
        go(process)
        assert process.stdout is not None
        assert "waiting" in process.stdout.readline()
        (output / ".lock").unlink()
    finish(process)
    assert (output / ".lock").exists()
    remove_build(output)
    assert not output.exists()
