"""Take an unpacked package; seal it again after a change, as somebody would who knows the form; give the new zip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.closure.bag import DECLARATION, INFO, MANIFEST, PAYLOAD, SIGNATURE, TAG_MANIFEST, make_bag, save_bag
from pipeline.closure.items import Item, hash_item
from pipeline.closure.verify.verify import Verified, Wish, verify

MADE = {DECLARATION[0], INFO, MANIFEST, TAG_MANIFEST, SIGNATURE}


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a package by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reseal(files: Mapping[str, bytes], target: Path, **info: str) -> Path:
    """Return a package of these files whose manifests are right, whatever the files are."""
    lines = (line.partition(": ") for line in files[INFO].decode().splitlines())
    fields = {name: value for name, _, value in lines if name != "Payload-Oxum"}
    payload = [hash_item(Item(path, data)) for path, data in files.items() if path.startswith(PAYLOAD)]
    tags = [Item(path, data) for path, data in files.items() if not path.startswith(PAYLOAD) and path not in MADE]
    save_bag(target, target.stem, make_bag(payload, {**fields, **info}, tags))
    return target


def check(package: Path, **more: object) -> Verified:
    """Return what a verification says."""
    return verify(Wish(package, **more))  # type: ignore[arg-type]


def named(verified: Verified) -> dict[str, str]:
    """Return what is wrong by file, the first thing for each."""
    found: dict[str, str] = {}
    for problem in verified.problems:
        found.setdefault(problem.place.file, problem.message)
    return found
