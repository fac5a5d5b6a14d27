"""Take the pages of the repository; follow the links between them; fail where one leads nowhere or a page is lost."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from make_reference import ROOT

LINKED = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "repository/README.md")),
]
FENCE = re.compile(r"^(`{3,})\w*\n.*?^\1$", re.DOTALL | re.MULTILINE)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")


@cache
def anchors(path: Path) -> frozenset[str]:
    return frozenset(
        slug(found) for found in re.findall(r"^#+ (.+?) *$", FENCE.sub("", path.read_text()), re.MULTILINE)
    )


def links(path: Path) -> list[tuple[Path, str]]:
    """Return the file and the anchor of each relative link on a page."""
    text = re.sub(r"(`+)[^`].*?\1", "", FENCE.sub("", path.read_text()))
    targets = re.findall(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", text)
    parts = [unquote(target).partition("#") for target in targets if not re.match(r"[a-z]+:", target)]
    return [((path.parent / file).resolve() if file else path, anchor) for file, _, anchor in parts]


@pytest.mark.parametrize("path", LINKED, ids=name_of)
def test_relative_links_lead_somewhere(path: Path) -> None:
    for target, anchor in links(path):
        assert target.exists(), f"{target} does not exist"
        assert not anchor or anchor in anchors(target), f"{name_of(target)} has no heading #{anchor}"


def test_every_page_of_docs_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [found for target, _ in links(path) for found in pages_at(target)]
    assert {name_of(path) for path in (ROOT / "docs").rglob("*.md") if path not in reached} == set()


def pages_at(target: Path) -> list[Path]:
    if target.is_dir():
        return sorted(target.glob("*.md"))
    return [target] if target.suffix == ".md" and target.is_file() else []


def test_tests_that_the_page_on_security_names_are_there() -> None:
    text = (ROOT / "docs/security.md").read_text("utf-8")
    named = set(re.findall(r"`((?:\w+/)*test_\w+)`", text))
    assert len(named) > 12
    assert {name for name in named if not (ROOT / "tests" / f"{name}.py").is_file()} == set()
    attacks = {f"attacks/{file.stem}" for file in (ROOT / "tests/attacks").glob("test_*.py")}
    assert attacks - named == {"attacks/test_safe_start"}  # a part of what test_planted_modules tries
