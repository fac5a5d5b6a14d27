"""Take the host's environment and settings files; give what the host decides for a repository, never the repository.

A file is believed if only its reader, or root, can have written it. The first of these counts that says anything:
`DEEDBOX_CACHE_…` in the environment; the user's file, or the one that `DEEDBOX_CONFIG` names; the system's file. In a
file, what stands under the repository's path counts before what stands at the top.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.host.cache import is_inside_tree
from pipeline.problems import USAGE, Place, Problem, Stop

SYSTEM_FILE = "/etc/deedbox/config.yaml"
LARGEST_STORE = 2000  # megabytes
REMOTE = (
    r"^(abfs|abfss|az|file|gcs|gs|https|memory|s3)://[^:\s/][^:\s]*(:[0-9]+)?[^:\s]*$|^file:///[^:\s/][^:\x00-\x1f]*$"
)
_KEYS = {"remote": "an address such as s3://our-bucket/deedbox, or off", "write": "true or false"}
_SIZE = "megabytes"
_FILE = "the whole path of a file"
_GROUPS: Mapping[str, Mapping[str, str]] = {
    "cache": {**_KEYS, _SIZE: "a number of megabytes from 10"},
    "closure": {"key": _FILE, "salt": _FILE},
}
_ALL_KEYS = {key: words for group in _GROUPS.values() for key, words in group.items()}
_VARIABLES = {
    "remote": "DEEDBOX_CACHE_REMOTE",
    "write": "DEEDBOX_CACHE_WRITE",
    _SIZE: "DEEDBOX_CACHE_MEGABYTES",
    "key": "DEEDBOX_CLOSURE_KEY",
    "salt": "DEEDBOX_CLOSURE_SALT",
}
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_LONGEST = 1_000_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Host:
    """What the host decides: the address of a store that machines share ("" for none), and whether builds fill it.

    `megabytes` is the size above which the local store drops what was used longest ago; settings may ask for less.
    `key` is the file of the key that signs closure packages, `salt` the one with their secret bytes; "" for none.
    """

    remote: str = ""
    write: bool = False
    megabytes: int = LARGEST_STORE
    key: str = ""
    salt: str = ""


def read_host(root: Path) -> Host:
    """Return what the host decides for the repository at a root; Stop (exit 2) where it is said in a wrong way."""
    real = os.path.realpath(root)
    said = [_read_environment(), *(level for path in list_files() for level in _read_file(path, real))]
    first: Mapping[str, Any] = next((one for one in said if "remote" in one), {})

    def find(name: str, usual: Any) -> Any:
        return next((one[name] for one in said if name in one), usual)

    address, is_filled = str(first.get("remote", "")), bool(first.get("write", False))
    host = Host(address, is_filled, find(_SIZE, LARGEST_STORE), find("key", ""), find("salt", ""))
    _check_place(host.remote, real)
    return host


def list_files() -> tuple[str, ...]:
    """Return the paths at which the host's settings may stand, the first to be asked first."""
    own = os.environ.get("DEEDBOX_CONFIG")
    if own:
        if not Path(own).is_absolute():
            raise _make_stop("DB532", f"DEEDBOX_CONFIG is `{own}`", "give the whole path of the file")
        return (own, SYSTEM_FILE)
    base = os.environ.get("XDG_CONFIG_HOME", "")
    if not Path(base).is_absolute():
        base = f"{os.path.expanduser('~').rstrip('/')}/.config"  # noqa: PTH111 -- it may be without a home
    return (f"{base}/deedbox/config.yaml", SYSTEM_FILE) if Path(base).is_absolute() else (SYSTEM_FILE,)


def _read_environment() -> dict[str, Any]:
    said: dict[str, Any] = {}
    for key, name in _VARIABLES.items():
        text = os.environ.get(name, "").strip()
        if not text:
            continue
        value = _WORDS.get(text.lower()) if key == "write" else int(text) if re.fullmatch("[0-9]{1,9}", text) else text
        if not _is_right(key, value):
            raise _make_stop("DB532", f"{name} is `{text}`", f"it wants {_ALL_KEYS[key]}")
        said[key] = _settle(key, value)
    return said


def _read_file(path: str, root: str) -> Iterator[Mapping[str, Any]]:
    """Give what a file says: under the paths that lead to the repository, the longest first, then at its top."""
    data = _read_trusted(path, root)
    if data is None:
        return
    from pipeline.sources.yaml.file import read_yaml

    file = read_yaml(path, data)
    if file.problems:
        raise Stop(*file.problems, exit_code=USAGE)
    top = _check_mapping(file, file.value or {}, (), (*_GROUPS, "repositories"))
    named = _check_mapping(file, top.get("repositories") or {}, ("repositories",), ())
    found = {}
    for name, value in named.items():
        whole = os.path.expanduser(name)  # noqa: PTH111
        if not Path(whole).is_absolute():
            raise _make_wrong(file, ("repositories", name), f"`{name}` is no whole path of a repository")
        inside = ("repositories", name)
        own = _read_groups(file, _check_mapping(file, value or {}, inside, tuple(_GROUPS)), inside)
        folder = os.path.realpath(whole)
        if root == folder or root.startswith(f"{folder.rstrip('/')}/"):
            found[folder] = own
    general = _read_groups(file, top, ())
    yield from (found[folder] for folder in sorted(found, key=len, reverse=True))
    yield general


def _read_groups(file: Any, around: Mapping[str, Any], inside: tuple[str, ...]) -> dict[str, Any]:
    """Return what is said of each key of all groups."""
    found: dict[str, Any] = {}
    for group, known in _GROUPS.items():
        place = (*inside, group)
        for key, value in _check_mapping(file, around.get(group) or {}, place, tuple(known)).items():
            if not _is_right(key, value):
                raise _make_wrong(file, (*place, key), f"`{key}` wants {known[key]}")
            found[key] = _settle(key, value)
    return found


def _settle(key: str, value: Any) -> Any:
    if key in _GROUPS["closure"]:
        return os.path.expanduser(value)  # noqa: PTH111
    return "" if value == "off" else value


def _check_mapping(file: Any, value: Any, place: tuple[str, ...], known: tuple[str, ...]) -> Mapping[str, Any]:
    """Return a mapping with known keys (any if none are given); Stop for anything else."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _make_wrong(file, place, f"`{place[-1] if place else 'the file'}` wants keys with values")
    strange = next((key for key in value if known and key not in known), None)
    if strange is not None:
        raise _make_wrong(file, (*place, strange), f"`{strange}` is no key here; these are: {', '.join(known)}")
    return value


def _is_right(key: str, value: Any) -> bool:
    if key == "write":
        return isinstance(value, bool)
    if key in _GROUPS["closure"]:
        return isinstance(value, str) and Path(os.path.expanduser(value)).is_absolute()  # noqa: PTH111
    if key == _SIZE:
        return type(value) is int and 10 <= value <= 10_000_000
    return isinstance(value, str) and (value == "off" or re.search(REMOTE, value) is not None)


def _read_trusted(path: str, root: str) -> bytes | None:
    """Return the bytes of a file that only we, or root, can have written; None if there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _make_refusal(path, f"cannot be read ({error.strerror})", "see who may read it") from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise _make_refusal(path, "is no regular file", "put a file there, or remove it")
        if found.st_uid not in (os.geteuid(), 0):
            raise _make_refusal(path, "belongs to another user", "chown it to whoever builds, or to root")
        if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise _make_refusal(path, "can be written to by others", f"chmod go-w {path}")
        if found.st_size > _LONGEST:
            raise _make_refusal(path, f"has more than {_LONGEST:,} bytes", "make it shorter")
        if is_inside_tree(path, root):
            raise _make_refusal(path, "lies in the repository, where whoever commits can put files", "move it out")
        return os.read(descriptor, _LONGEST)
    finally:
        os.close(descriptor)


def _check_place(remote: str, root: str) -> None:
    """Raise Stop for a store of files within the repository, unless a secret proves it and no link leads out."""
    path = remote.removeprefix("file://")
    if path == remote or not is_inside_tree(path, root):
        return
    if not (os.environ.get("DEEDBOX_REMOTE_SECRET") and is_inside_tree(os.path.realpath(path), root)):
        hint = "name a folder elsewhere; or set DEEDBOX_REMOTE_SECRET, and name one to which no link leads"
        raise _make_stop("DB532", f"the shared store {remote} lies in the repository", hint)


def _make_refusal(path: str, words: str, hint: str) -> Stop:
    return Stop(Problem("DB530", f"the host's settings file {words}", Place(path), hint), exit_code=USAGE)


def _make_wrong(file: Any, place: tuple[str, ...], words: str) -> Stop:
    hint = "docs/reference/commands.md, `What the host decides`, shows the form"
    return Stop(Problem("DB531", words, file.place(place, key=bool(place)), hint), exit_code=USAGE)


def _make_stop(code: str, message: str, hint: str) -> Stop:
    return Stop(Problem(code, message, hint=hint), exit_code=USAGE)
