"""Take the mirrors that a server is to keep built; check them and their secrets; give each with its name in the URL."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.problems import USAGE, Problem, Stop
from pipeline.triggers.central.place import Central, find_central

SECRET = "webhook-secret"  # the file with the secret of one repository, in its folder deedbox/
SHORTEST, LONGEST = 16, 4096  # bytes of a secret
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Target:
    """A bare repository under its name in the URL, `/hooks/NAME`, and the file that holds its secret."""

    name: str
    central: Central
    secret: Path


def find_targets(folders: Iterable[Path], secret: Path | None = None) -> tuple[Target, ...]:
    """Return the repositories of these folders; Stop (exit 2) where one cannot be served as it is.

    Without a `secret` file each has its own, `deedbox/webhook-secret`.
    """
    targets = tuple(_make(find_central(folder), secret) for folder in folders)
    names = [target.name for target in targets]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        words = f"two repositories would be reached as /hooks/{twice}"
        raise Stop(Problem("DB465", words, hint="rename one of the folders"), exit_code=USAGE)
    for target in targets:
        read_secret(target.secret)
    return targets


def read_secret(path: Path) -> bytes:
    """Return the secret of a file, without the end of its line; Stop (exit 2) if it is none that protects."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            mode, data = os.fstat(file.fileno()).st_mode, file.read(LONGEST + 1)
    except OSError as error:
        raise Stop(_bad(path, f"cannot be read ({error.strerror})"), exit_code=USAGE) from None
    if not stat.S_ISREG(mode):
        raise Stop(_bad(path, "is no plain file"), exit_code=USAGE)
    if mode & _OTHERS:
        raise Stop(_bad(path, "can be read by others"), exit_code=USAGE)
    secret = data.strip()
    if not SHORTEST <= len(secret) <= LONGEST:
        words = f"shorter than {SHORTEST}" if len(secret) < SHORTEST else f"longer than {LONGEST}"
        raise Stop(_bad(path, f"is {words} characters"), exit_code=USAGE)
    return secret


def _make(central: Central, secret: Path | None) -> Target:
    return Target(central.place.root.name.removesuffix(".git"), central, secret or central.home / SECRET)


def _bad(path: Path, words: str) -> Problem:
    hint = f"(umask 077; openssl rand -hex 32 > {path}), then give the host the same"
    return Problem("DB464", f"the secret of the webhook, {path}, {words}", hint=hint)
