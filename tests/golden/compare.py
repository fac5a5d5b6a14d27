"""Take the results of a case and its `expected/` folder; find each file that differs, is missing or is not used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from .cases import Case
from .pages import draw_difference, is_alike, is_roughly_alike
from .word_pages import MARK

RESULTS = Path(__file__).parents[1] / "results"
_MOST_LINES = 40


def find_differences(case: Case, actual: Mapping[str, bytes], *, word: bool = False) -> list[str]:
    """Return a message for each difference; the actual files, and pictures of what differs, go to `tests/results/`.

    Pictures of Word files are compared with `word`, all else without: they need LibreOffice.
    """
    expected = read_expected(case, word=word)
    missing = [f"{name}: expected file is missing" for name in sorted(actual.keys() - expected.keys())]
    unused = [f"{name}: nothing makes this expected file" for name in sorted(expected.keys() - actual.keys())]
    changed = [
        message
        for name in sorted(actual.keys() & expected.keys())
        for message in _compare(name, actual[name], expected[name])
    ]
    for message in (*missing, *changed):
        _save(case, message.partition(": ")[0], actual, expected)
    return [*missing, *unused, *changed]


def read_expected(case: Case, *, word: bool = False) -> dict[str, bytes]:
    """Return the accepted files of a case by name: with `word` the pictures of Word files, else all others."""
    files = (path for path in case.expected.rglob("*") if path.is_file() and (MARK in path.name) is word)
    return {path.relative_to(case.expected).as_posix(): path.read_bytes() for path in sorted(files)}


def _compare(name: str, actual: bytes, expected: bytes) -> Iterator[str]:
    if name.endswith(".png"):
        if not (is_roughly_alike if MARK in name else is_alike)(actual, expected):
            yield f"{name}: the page looks different"
    elif actual != expected:
        before, after = expected.decode().splitlines(), actual.decode().splitlines()
        lines = list(unified_diff(before, after, "expected", "actual", lineterm="", n=1))
        more = [f"… and {len(lines) - _MOST_LINES} lines more"] if len(lines) > _MOST_LINES else []
        yield "\n".join([f"{name}: differs", *lines[:_MOST_LINES], *more])


def _save(case: Case, name: str, actual: Mapping[str, bytes], expected: Mapping[str, bytes]) -> None:
    made = {"actual": actual.get(name), "expected": expected.get(name)}
    if name.endswith(".png") and name in expected:
        made["difference"] = draw_difference(actual[name], expected[name])
    for kind, data in made.items():
        if data is not None:
            target = RESULTS / case.name / kind / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
