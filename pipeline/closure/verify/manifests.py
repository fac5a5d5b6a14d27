"""Take the tag files of a bag; read them within limits; give manifests, fields, and what is wrong with their form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO

from pipeline.closure.bag import DECLARATION, INFO, MANIFEST, PAYLOAD, TAG_MANIFEST
from pipeline.closure.verify.package import MALFORMED, MOST_FILES, Package, read_text
from pipeline.problems import Place, Problem
from pipeline.sources.paths import show_path

_LINE = re.compile(r"([0-9A-Fa-f]{128})[ \t]+([^\s][^\r\n]*)")
# The version before 1.0 differs in nothing that is read here, and programs of libraries still write it.
_DECLARATION = re.compile(r"BagIt-Version: (0\.97|1\.0)\nTag-File-Character-Encoding: UTF-8\n")
MOST_SLIPS = 100  # lines that are none, after which a manifest is not read on
_OXUM = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")


def read_manifest(package: Package, path: str) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return the SHA-512 (hex) of each path that a manifest lists, and the lines that are none."""
    listed: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(StringIO(read_text(package, path), newline=None), 1):
        found = _LINE.fullmatch(line.rstrip("\n"))
        if found is not None and found[2] not in listed:
            listed[found[2]] = found[1].lower()
            if len(listed) <= MOST_FILES:
                continue
            words = f"lists more than {MOST_FILES:,} files, and is not read on"
        else:
            words = "is no line of a manifest" if found is None else f"lists {show_path(found[2])} again"
        problems.append(Problem(MALFORMED, words, Place(path, number)))
        if len(listed) > MOST_FILES or len(problems) == MOST_SLIPS:
            break
    return listed, tuple(problems)


def read_info(package: Package) -> dict[str, str]:
    """Return the fields of bag-info.txt."""
    lines = (line.partition(": ") for line in read_text(package, INFO, 1_000_000).splitlines())
    return {name: value for name, colon, value in lines if colon}


def check_form(package: Package, info: Mapping[str, str], listed: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with a bag's declaration, with its payload's size, and with what its manifest lists."""
    if not _DECLARATION.fullmatch(read_text(package, DECLARATION[0], 1000)):
        yield Problem(MALFORMED, "is not the declaration of a BagIt bag in UTF-8", Place(DECLARATION[0]))
    yield from _check_oxum(package, info.get("Payload-Oxum", ""))
    for path in listed:
        if not path.startswith(PAYLOAD):
            yield Problem(MALFORMED, f"lists {show_path(path)}, which is no payload", Place(MANIFEST))


def list_unlisted(package: Package, listed: Mapping[str, str], tags: Mapping[str, str]) -> Iterator[str]:
    """Yield the files that no manifest speaks of."""
    known = listed.keys() | tags.keys() | {TAG_MANIFEST, f"{TAG_MANIFEST}.sig"}
    return (path for path in package.files if path not in known)


def _check_oxum(package: Package, oxum: str) -> Iterator[Problem]:
    payload = [size for path, size in package.files.items() if path.startswith(PAYLOAD)]
    found = _OXUM.fullmatch(oxum)
    if found is None:
        yield Problem(MALFORMED, "has no Payload-Oxum", Place(INFO))
    elif (int(found[1]), int(found[2])) != (sum(payload), len(payload)):
        words = (
            f"says {int(found[2]):,} files of {int(found[1]):,} bytes; there are {len(payload):,} of {sum(payload):,}"
        )
        yield Problem(MALFORMED, words, Place(INFO))
