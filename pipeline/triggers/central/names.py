"""Take the names of branches and tags; choose for each the name of its folder: safe, readable, of its own.

A slash becomes `~`, which Git allows in no name, so that `release/1` and a tag `release` never need one path for a
folder and a link. Names that some file system would take for one another get an end that tells them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256

from pipeline.sources.git.refs import Ref

LONGEST = 60  # characters before a name is cut: at four bytes each, with its end, less than a file system's 255
# Letters by their class, yet nobody sees them: Hangul fillers, Khmer vowels that are never written.
_UNSEEN = "\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_UNSAFE = re.compile(rf"[^\w.+=@~-]|[{_UNSEEN}]")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # Windows opens these instead of a folder


def choose_names(refs: Iterable[Ref], taken: Mapping[str, str]) -> dict[str, str]:
    """Return the folder's name for each ref by its full name; one that has a name in `taken` keeps it.

    Branches choose before tags, both in order, so that nothing depends on what came first if nothing is known.
    """
    wanted = sorted(refs, key=lambda ref: (ref.is_tag, ref.name))
    names = {ref.name: taken[ref.name] for ref in wanted if taken.get(ref.name)}
    used = {_fold(name) for name in taken.values() if name}
    for ref in wanted:
        if ref.name not in names:
            names[ref.name] = _choose(ref, used)
            used.add(_fold(names[ref.name]))
    return names


def _choose(ref: Ref, used: set[str]) -> str:
    plain = _make_safe(ref.short)
    end = sha256(ref.name.encode("utf-8", "surrogateescape")).hexdigest()
    if len(plain) > LONGEST or _DEVICES.fullmatch(plain):
        plain = f"{plain[:LONGEST]}~{end[:8]}"
    return plain if _fold(plain) not in used else f"{plain[:LONGEST]}~{end[:12]}"


def _make_safe(name: str) -> str:
    """Write each character that a path, a URL or a shell might take amiss as its number."""
    text = unicodedata.normalize("NFC", name).replace("/", "~")
    safe = _UNSAFE.sub(
        lambda sign: "".join(f"%{byte:02x}" for byte in sign[0].encode("utf-8", "surrogateescape")), text
    )
    safe = safe.replace("%", "~")
    return f"_{safe}" if safe.startswith((".", "-")) else safe


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
