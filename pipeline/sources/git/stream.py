"""Take what Git should read or write that need not fit into memory; pass it on piece by piece; give files and lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO

from pipeline.problems import Stop
from pipeline.sources.git import repository as git
from pipeline.sources.git import stops as git_stops
from pipeline.sources.git.run import LARGEST_WORDS

PIECE = 1 << 20  # bytes in memory at a time
# One thread, nothing taken over from older packs, and no delta of what is large: equal commits give equal packs, and
# Git needs as little memory for large files as we do.
_PACK = (
    "-c",
    "core.bigFileThreshold=1m",
    "-c",
    "pack.threads=1",
    "-c",
    "pack.windowMemory=64m",
    "-c",
    "pack.compression=6",
)
_OBJECTS = (
    "pack-objects",
    "--quiet",
    "--stdout",
    "--revs",
    "--no-reuse-delta",
    "--no-reuse-object",
    "--delta-base-offset",
)


@contextmanager
def open_output(folder: git.Repository, *arguments: str) -> Iterator[BinaryIO]:
    """Give the output of a Git command while it runs; Stop if it does not end well, unless the block raised before."""
    process = git.start(folder, *arguments)
    said = _listen(process)
    process.stdin.close()
    yield process.stdout
    process.stdout.read()
    _end(folder, process, arguments[0], said)


def read_parts(folder: git.Repository, *arguments: str) -> Iterator[bytes]:
    """Give what a Git command prints, parted by NUL, while it runs; it is ended where nobody wants more."""
    process = git.start(folder, *arguments)
    said = _listen(process)
    process.stdin.close()
    rest = b""
    try:
        while piece := process.stdout.read(PIECE):
            *parts, rest = (rest + piece).split(b"\0")
            yield from parts
    except GeneratorExit:
        process.proc.kill()
        process.proc.wait()
        raise
    _end(folder, process, arguments[0], said)


def feed(folder: git.Repository, pieces: Iterable[bytes], *arguments: str) -> None:
    """Give a Git command its input, piece by piece; Stop if it does not end well."""
    process = git.start(folder, *arguments)
    said = _listen(process)
    try:
        for piece in pieces:
            process.stdin.write(piece)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended before it had read all, and says why
    process.stdout.read()
    _end(folder, process, arguments[0], said)


def copy_blobs(folder: git.Repository, ids: Mapping[Path, str]) -> None:
    """Write the contents of blobs to files, whatever their size; Stop if this clone lacks one."""
    process = git.start(folder, "cat-file", "--batch")
    said = _listen(process)
    for target, sha in ids.items():
        process.stdin.write(f"{sha}\n".encode())
        process.stdin.flush()
        words = process.stdout.readline().split()
        if len(words) != 3:
            raise git_stops.make_missing_blob(sha)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            _copy(process.stdout, int(words[2]), file.write)
        process.stdout.read(1)
    process.stdin.close()
    _end(folder, process, "cat-file", said)


def write_bundle(folder: git.Repository, refs: Mapping[str, str], target: Path) -> None:
    """Write a Git bundle (gitformat-bundle(5)) of all that the refs reach; equal commits give equal bytes."""
    is_old = all(len(sha) == 40 for sha in refs.values())
    head = "# v2 git bundle\n" if is_old else "# v3 git bundle\n@object-format=sha256\n"
    lines = "".join(f"{refs[name]} {name}\n" for name in sorted(refs))
    process = git.start(folder, *_PACK, *_OBJECTS)
    said = _listen(process)
    process.stdin.write("".join(f"{sha}\n" for sha in dict.fromkeys(refs[name] for name in sorted(refs))).encode())
    process.stdin.close()
    with target.open("wb") as file:
        file.write(f"{head}{lines}\n".encode())
        while piece := process.stdout.read(PIECE):
            file.write(piece)
    _end(folder, process, "pack-objects", said)


def make_repository(target: Path, objects: Path | None, *, is_new: bool = False) -> None:
    """Make an empty repository (of SHA-256 ids where `is_new`) that sees the objects of another one."""
    more = ("--object-format=sha256",) if is_new else ()
    git.make_repository(target, "--template=", *more)
    if objects is not None:
        path = target / ".git/objects/info/alternates"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{objects}\n", encoding="utf-8", errors="surrogateescape")


def find_objects(folder: git.Repository) -> Path:
    """Return the folder with a repository's objects: in a linked work tree it is not that of its own files."""
    found = git.run(folder, "rev-parse", "--path-format=absolute", "--git-path", "objects").rstrip(b"\n")
    return Path(os.fsdecode(found))


def _copy(source: Any, size: int, write: Callable[[bytes], object]) -> None:
    left = size
    while left:
        piece = source.read(min(PIECE, left))
        if not piece:
            return
        write(piece)
        left -= len(piece)


class _Ear(Thread):
    """Takes in what a process has to complain about, so that it never waits for us; keeps the start of it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(daemon=True)
        self.stream = stream
        self.heard = b""
        self.start()

    def run(self) -> None:
        """Listen to the end."""
        with suppress(OSError, ValueError):  # closed from the other side, where nobody wants to know any more
            while piece := os.read(self.stream.fileno(), PIECE):
                self.heard += piece[: max(0, LARGEST_WORDS - len(self.heard))]


def _listen(process: Any) -> _Ear:
    return _Ear(process.stderr)


def _end(folder: git.Repository, process: Any, command: str, said: _Ear) -> None:
    said.join()
    errors = said.heard.decode("utf-8", "replace").strip()
    try:
        code = process.proc.wait()
    finally:
        process.proc.stdout.close()
        process.proc.stderr.close()
    if code:
        stop: Stop = git_stops.make_refusal(folder.top, command, errors)
        raise stop
