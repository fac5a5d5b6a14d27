"""Take a repository's own settings, which anyone may have written; give what keeps Git from running what they name.

Before Git reads them at all, `check_files` looks whether it would wait for ever: at a pipe, a device, or at another
file of settings that is none. The settings of the user are the host's, and are left alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from pipeline.processes.children import NEUTRAL, find_program
from pipeline.sources.git import stops as git_stops
from pipeline.sources.git.place import Found, find_kind, read_small
from pipeline.sources.git.run import Bounds, Exceeded, converse, start_git

LARGEST_SETTINGS = 1 << 20  # bytes of one file of settings
_MOST_FILES, _DEEPEST = 100, 10  # of settings that name one another; Git itself goes no deeper
_MOST_FOLDERS = 1000  # of names of branches and tags; beyond them, time is what bounds
_MOST_FILTERS = 100
_RULES = (".gitattributes", ".gitignore", ".mailmap")
_SHORT = 8192  # bytes of HEAD
# What Git opens before it answers anything. A pipe here makes it wait for ever.
_FILES = ("HEAD", "index", "commondir", "config.worktree", "gitdir")
_SHARED = ("config", "packed-refs", "shallow", "info/exclude", "info/attributes", "objects/info/alternates")
_WITHOUT_SIZE = ("/dev/", "/proc/", "/sys/")  # what is there tells no size, and may never end
# Programs that sign and check: what settings of the user name, else these.
_PROGRAMS: Mapping[str, str] = {
    "gpg.program": "gpg",
    "gpg.openpgp.program": "gpg",
    "gpg.x509.program": "gpgsm",
    "gpg.ssh.program": "ssh-keygen",
    "gpg.ssh.defaultkeycommand": "false",
}
_PATHS = ("core.attributesfile", "core.excludesfile", "gpg.ssh.allowedsignersfile", "gpg.ssh.revocationfile")
_OWN = ("local", "worktree")  # scopes of settings that lie in the repository


def list_settings(found: Found) -> tuple[Path, ...]:
    """Return the files of settings of a repository, there or not."""
    return (found.shared / "config", found.git_dir / "config.worktree")


def check_files(found: Found) -> None:
    """Stop (exit 2) where a file that Git would open is a pipe or a device, or too large to be one of its settings."""
    branch = (read_small(found.git_dir / "HEAD", _SHORT) or b"").partition(b"ref: ")[2].strip()
    names = [found.git_dir / name for name in _FILES] + [found.shared / name for name in _SHARED]
    if branch and b"\0" not in branch:
        names += [top / os.fsdecode(branch) for top in (found.git_dir, found.shared)]
    for path in names:
        if find_kind(path) == "special":
            raise git_stops.make_special(path, "is no plain file")
    for path in _list_special(found):
        raise git_stops.make_special(path, "is no plain file")
    waiting = [(path, 0) for path in list_settings(found)]
    seen: set[Path] = set()
    while waiting:
        path, depth = waiting.pop()
        if path in seen or not _check_settings(path):
            continue
        seen.add(path)
        if len(seen) > _MOST_FILES:
            raise git_stops.make_special(path, f"is one of more than {_MOST_FILES} files of settings")
        if depth < _DEEPEST:
            waiting += [(named, depth + 1) for named in _list_named(path)]


def _list_special(found: Found) -> Iterator[Path]:
    """Give what is a pipe or a device where Git keeps names and packs, and in the rules at the work tree's top."""
    for folder in ("refs", "objects/pack", "info"):
        for above, names, files in islice(os.walk(found.shared / folder), _MOST_FOLDERS):
            yield from (path for name in files if find_kind(path := Path(above, name)) == "special")
            names.sort()
    if found.top is not None:
        yield from (path for name in _RULES if find_kind(path := found.top / name) == "special")


def _check_settings(path: Path) -> bool:
    """Return whether a file of settings is there; Stop if Git could not come to its end."""
    kind = find_kind(path)
    real = os.path.realpath(path) if kind else ""
    if kind == "special" or real.startswith(_WITHOUT_SIZE):
        raise git_stops.make_special(path, "is named as a file of settings, and is no plain file")
    if kind == "file" and path.stat().st_size > LARGEST_SETTINGS:
        raise git_stops.make_special(path, f"has more than {LARGEST_SETTINGS:,} bytes, and is no file of settings")
    return kind == "file"


def _list_named(path: Path) -> Iterator[Path]:
    """Give the files that one of settings includes, under whatever condition."""
    if b"include" not in (read_small(path, LARGEST_SETTINGS) or b"").lower():
        return
    words = ("config", "--no-includes", "-z", "--list", "--file", str(path))
    # What is wrong with such a file, Git says itself when it reads it.
    _, output, _ = converse(start_git(Path(NEUTRAL), words, {}), b"", Bounds(seconds=60))
    for line in output.split(b"\0"):
        key, _, value = line.partition(b"\n")
        if key == b"include.path" or (key.startswith(b"includeif.") and key.endswith(b".path")):
            yield path.parent / os.path.expanduser(os.fsdecode(value))  # noqa: PTH111 -- of another user too


def read_words(output: bytes) -> tuple[tuple[str, str, str], ...]:
    """Return scope, key and value of each setting in what `git config --list -z --show-scope` prints."""
    parts = output.decode("utf-8", "surrogateescape").split("\0")
    pairs = zip(parts[::2], parts[1::2], strict=False)
    return tuple((scope, *_split(setting)) for scope, setting in pairs)


def _split(setting: str) -> tuple[str, str]:
    key, _, value = setting.partition("\n")
    return key, value


def make_overrides(top: Path, settings: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
    """Return options for Git that put harmless values over those which would run something or never end.

    No filter runs, whoever names it: not to read a work tree, in which others may have put what the filter loads.
    """
    said = tuple(settings)
    host = {key: value for scope, key, value in said if scope not in _OWN}
    own = {key: value for scope, key, value in said if scope in _OWN}
    words = [
        (key, host.get(key) or find_program(program) or program) for key, program in _PROGRAMS.items() if key in own
    ]
    words += [(key, host.get(key, os.devnull)) for key in _PATHS if key in own and not _is_plain(top, own[key])]
    names = sorted({key[len("filter.") :].rpartition(".")[0] for _, key, _ in said if key.startswith("filter.")})
    if len(names) > _MOST_FILTERS or any("=" in name for name in names):
        raise git_stops.make_special(top, "has settings for filters that cannot be switched off")
    for name in names:
        words += [(f"filter.{name}.{part}", "") for part in ("clean", "smudge", "process")]
        words.append((f"filter.{name}.required", "false"))
    return tuple(word for key, value in words for word in ("-c", f"{key}={value}"))


def _is_plain(top: Path, value: str) -> bool:
    """Return whether a path in a setting names a plain file or nothing, and so has an end."""
    path = top / os.path.expanduser(value)  # noqa: PTH111
    kind = find_kind(path)
    return kind in ("", "file") and not os.path.realpath(path).startswith(_WITHOUT_SIZE)


def is_refused(found: Found) -> bool:
    """Return whether Git refuses a repository for its owner, which it does before it reads the repository's settings.

    Only asked where the folder belongs to somebody else: where it is ours, Git would go on reading.
    """
    try:
        if all(path.stat().st_uid == os.geteuid() for path in (found.git_dir, found.top or found.git_dir)):
            return False
        words = ("-c", "safe.bareRepository=all", "rev-parse", "--git-dir")
        process = start_git(found.top or found.git_dir, words, {})
        code, _, errors = converse(process, b"", Bounds(seconds=10))
    except (Exceeded, OSError):
        return False
    return bool(code) and "dubious ownership" in errors
