"""Take large files and sudden ends; write packages; look at memory, and at what is left when the writer is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from closing_world import ENGINE, surroundings
from packages import check

from pipeline.closure.bag import make_bag, save_bag
from pipeline.closure.items import Item, hash_item
from pipeline.closure.verify.zip_package import open_zip
from pipeline.closure.zip_form import FULL, MANY, lay_out, make_central, make_end, make_local
from pipeline.problems import Stop

WRITER = """
import re, sys
from pathlib import Path
from pipeline.closure.bag import make_bag, save_bag
from pipeline.closure.items import Item, hash_item
source, target = map(Path, sys.argv[1:])
print("hashing", flush=True)
files = make_bag([hash_item(Item("data/large.bin", source))], {}, ())
print("writing", flush=True)
save_bag(target, "top", files)
# `ru_maxrss` would begin with the memory of the process that started this one.
print(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1][:-3] or 0, flush=True)
"""
LARGE = int(os.environ.get("DEEDBOX_TEST_MEGABYTES", "200"))


def start_writer(source: Path, target: Path) -> subprocess.Popen[str]:
    words = (sys.executable, "-c", WRITER, str(source), str(target))
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=surroundings(PYTHONPATH=str(ENGINE)))


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Return a large file that takes no room on the disk."""
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(LARGE * 1_000_000)
    return tmp_path / "large.bin"


def test_a_large_file_is_packed_and_hashed_in_little_memory(large: Path, tmp_path: Path) -> None:
    with start_writer(large, tmp_path / "p.zip") as writer:
        assert writer.stdout is not None
        megabytes = int(writer.stdout.read().split()[-1])
    assert (writer.returncode, megabytes < 150) == (0, True), megabytes
    zip = open_zip(tmp_path / "p.zip")
    zip.close()
    assert (zip.problems, zip.files["data/large.bin"]) == ([], LARGE * 1_000_000)


@pytest.mark.parametrize("old", [None, b"the package of last time"])
def test_killed_while_writing_leaves_no_package_or_the_old_one(large: Path, tmp_path: Path, old: bytes | None) -> None:
    target = tmp_path / "out" / "p.zip"
    target.parent.mkdir()
    if old is not None:
        target.write_bytes(old)
    with start_writer(large, target) as writer:
        assert writer.stdout is not None
        while writer.stdout.readline().strip() != "writing":
            pass
        part = target.with_name(".p.zip.new")
        while not (part.exists() and part.stat().st_size > 1_000_000) and writer.poll() is None:
            time.sleep(0.001)
        os.kill(writer.pid, signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    assert (target.read_bytes() if target.exists() else None) == old
    small = make_bag([hash_item(Item("data/a", b"a"))], {}, ())
    save_bag(target, "top", small)
    assert [path.name for path in target.parent.iterdir()] == ["p.zip"]
    assert check(target).checks[0].outcome == "ok"


def test_a_file_that_changes_while_it_is_packed_stops_the_packing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"before")
    files = make_bag([hash_item(Item("data/a", tmp_path / "a"))], {}, ())
    for data in (b"after!", b"much longer than it was"):
        (tmp_path / "a").write_bytes(data)
        with pytest.raises(Stop):
            save_bag(tmp_path / "p.zip", "top", files)
        assert not (tmp_path / "p.zip").exists()


@pytest.mark.parametrize(("size", "count"), [(10, 1), (FULL - 1, 3), (FULL, 2), (5_000_000_000, 3), (1, MANY)])
def test_sizes_beyond_32_bits_are_written_as_zips_do(tmp_path: Path, size: int, count: int) -> None:
    """Headers alone, in a file with holes: Python's own reader has to find every file where we put it."""
    import zipfile

    placed = lay_out((f"top/{number}", size, 0) for number in range(count))
    path = tmp_path / "p.zip"
    with path.open("wb") as file:
        for one in placed:
            file.seek(one.start)
            file.write(make_local(one))
        start = placed[-1].end
        file.seek(start)
        for one in placed:
            file.write(make_central(one))
        file.write(make_end(count, file.tell() - start, start))
    with zipfile.ZipFile(path) as archive:
        found = [(one.filename, one.file_size, one.header_offset) for one in archive.infolist()]
    assert found == [(one.name.decode(), size, one.start) for one in placed]
    mine = open_zip(path)
    mine.close()
    assert (mine.problems, len(mine.files)) == ([], count)
