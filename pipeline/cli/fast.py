"""Take the words of a command line; if they ask for a build and nothing moved since the last good one, say so and end.

This is the way of most builds, so it imports next to nothing: no click, no pathlib, none of the rooms. Whatever is out
of the ordinary goes the long way, which decides everything anew.
"""

from __future__ import annotations

import os
import sys

from pipeline.archive.stamp import check_stamp, find_stamp, make_call
from pipeline.document.formats import FORMATS
from pipeline.host.cache import find_refusal, find_store
from pipeline.sources.places import SETTINGS
from pipeline.visible import show

_VALUES = {
    "-C": "directory",
    "--directory": "directory",
    "-j": "jobs",
    "--jobs": "jobs",
    "-o": "output",
    "--output": "output",
    "--to": "formats",
}
_FLAGS = {"-q": "quiet", "--quiet": "quiet", "--strict": "strict"}
_COLOURS = {"error": "31", "warning": "33"}


def try_fast(words: list[str]) -> int | None:
    """Return exit code 0 after saying that all is up to date; None where that cannot be told at once."""
    asked = read_words(words)
    if asked is None:
        return None
    directory = os.path.join(".", *asked["directory"])  # noqa: PTH118
    root = _find_root(os.path.realpath(directory)) if os.path.isdir(directory) else ""  # noqa: PTH112
    formats = _read_formats(asked["formats"])
    if not root or formats is None or not all(map(_is_count, asked["jobs"])):
        return None
    store = find_store(root)
    if find_refusal(store, root):
        return None
    given = os.path.join(directory, asked["output"][-1]) if asked["output"] else ""  # noqa: PTH118
    output = os.path.realpath(given) if given else ""
    call = make_call(root, output, tuple(asked["selectors"]), formats, strict=bool(asked["strict"]))
    stamp = check_stamp(find_stamp(store, root, output), call)
    if stamp is None or f"{root}/{SETTINGS}" not in stamp.paths:  # without it, it is none of ours
        return None
    if not asked["quiet"]:
        _say(stamp.words, root, os.path.normpath(given) if given else "")
    return 0


def read_words(words: list[str]) -> dict[str, list[str]] | None:
    """Return what plain words for a build ask for, by option; None for other commands and for whatever is not plain."""
    asked: dict[str, list[str]] = {name: [] for name in (*_VALUES.values(), *_FLAGS.values(), "selectors")}
    rest = iter(words)
    commands = 0
    for word in rest:
        name, _, value = word.partition("=")
        if word in _VALUES:
            value = next(rest, "")
            if not value:
                return None
            asked[_VALUES[word]].append(value)
        elif word in _FLAGS:
            asked[_FLAGS[word]].append(word)
        elif word.startswith("--") and name in _VALUES and value:
            asked[_VALUES[name]].append(value)
        elif word[:2] in _VALUES and not word.startswith("--"):
            asked[_VALUES[word[:2]]].append(word[2:])
        elif word.startswith("-") or not word:
            return None
        elif not commands:
            commands = 1
            if word != "build":
                return None
        else:
            asked["selectors"].append(word)
    return asked if commands else None


def _find_root(start: str) -> str:
    """Return the nearest folder from `start` upwards that holds the settings; "" if there is none, or this is bare."""
    if os.path.exists(f"{start}/HEAD"):  # noqa: PTH110
        return ""
    folder = start
    while not os.path.isfile(f"{folder}/{SETTINGS}"):  # noqa: PTH113
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return ""
        folder = above
    return folder


def _read_formats(values: list[str]) -> tuple[str, ...] | None:
    names = [word.strip().lower() for value in values for word in value.split(",") if word.strip()]
    return tuple(dict.fromkeys(names)) if all(name in FORMATS for name in names) else None


def _is_count(text: str) -> bool:
    return text == "auto" or (text.isascii() and text.isdigit() and int(text) > 0)


def _say(words: tuple[str, ...], root: str, given: str) -> None:
    """Say what the long way says when it has nothing to do; `given` is the output folder as somebody typed it."""
    revision, dirty, output, *said = words
    problems = [said[at : at + 5] for at in range(0, len(said), 5)]
    start = _near(root)
    lines = [_line(problem, "" if start == "." else f"{start}/") for problem in problems]
    if problems:
        lines.append(f"{len(problems)} warning{'s' if len(problems) != 1 else ''}")
    state = "with changes that are not committed" if dirty else "as committed"
    place = f"{_near(given or output)}/index.html"
    lines.append(show(f"all files are up to date; revision {revision[:7] or 'none'}, {state}; open {place}"))
    _write("\n".join(lines))


def _line(problem: list[str], start: str) -> str:
    place, severity, code, message, hint = problem
    where = show(f"{start}{place}: ") if place else ""
    shown = f"\x1b[{_COLOURS[severity]}m\x1b[1m{severity}\x1b[0m" if _has_colour() else severity
    return where + shown + show(f" {code}: {message}") + (f"\n    hint: {show(hint)}" if hint else "")


def _near(path: str) -> str:
    """Return a path as somebody standing in the current folder would type it; see `show.near`."""
    here, there = os.getcwd(), os.path.realpath(path)  # noqa: PTH109
    if there == here or there.startswith(f"{here.rstrip('/')}/"):
        return there[len(here) :].strip("/") or "."
    if here.startswith(f"{there.rstrip('/')}/"):
        return "/".join([".."] * (here.count("/") - there.rstrip("/").count("/")))
    return path


def _has_colour() -> bool:
    """Return whether standard error gets colour under `--color auto`; see `show.has_colour`."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stderr.isatty() and os.environ.get("TERM") != "dumb")


def _write(text: str) -> None:
    encoding = sys.stderr.encoding or "utf-8"
    try:
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stderr.flush()
    except BrokenPipeError:
        # The reader has seen enough. Whatever Python still flushes at the end goes nowhere, without a complaint.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
