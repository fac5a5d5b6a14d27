"""Take the name of a signed tag; let Git check its signature with its own programs; give the state in one word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.sources.git import repository as git
from pipeline.sources.text import make_line

State = Literal["none", "good", "bad", "unknown"]
# What Git and the programs say → what it means, the first that is found. gpg(1), doc/DETAILS; builtin/verify-tag.c.
_MEANINGS: tuple[tuple[str, State], ...] = (
    ("[GNUPG:] BADSIG", "bad"),
    ("[GNUPG:] REVKEYSIG", "bad"),
    ("[GNUPG:] GOODSIG", "good"),
    ("[GNUPG:] EXPKEYSIG", "unknown"),
    ("[GNUPG:] ERRSIG", "unknown"),
    ("allowedSignersFile needs to be configured", "unknown"),
    ("No principal matched", "unknown"),
    ("Could not verify signature", "bad"),
    ("incorrect signature", "bad"),
    ("cannot run", "unknown"),
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What Git says of a signature: its state, and in its own words who signed or what is wrong."""

    state: State
    words: str = ""


def read_signature(folder: git.Folder, tag: str) -> Signature:
    """Return the state of a signed tag's signature: good, bad, or unknown where it cannot be checked here."""
    code, _, said = git.ask(folder, "verify-tag", "--raw", "--end-of-options", f"refs/tags/{tag}")
    found = next((state for sign, state in _MEANINGS if sign in said), None)
    state: State = found or ("good" if code == 0 else "unknown")
    return Signature("unknown" if state == "good" and code else state, _tell(said))


def _tell(said: str) -> str:
    lines = [line.removeprefix("[GNUPG:] ").removeprefix("error: ") for line in said.splitlines()]
    return make_line(next((line for line in lines if "sig" in line.lower()), next(iter(lines), "")), 200)
