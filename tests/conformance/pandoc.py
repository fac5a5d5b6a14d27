"""Take Word files and their trees; let pandoc read each file back; compare headings and tables with the tree."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run
from typing import Any

from pipeline.document.tree import Document, Heading, Table
from pipeline.document.walk import walk
from pipeline.write.html.inlines import plain_text
from tests.conformance.files import Made
from tests.conformance.judges import Missing, Verdict


def judge_reading_back(made: Sequence[Made]) -> list[Verdict]:
    """Return whether pandoc reads the headings and the tables of each document's tree."""
    program = find_pandoc()
    verdict = Verdict("pandoc reads back")
    with ThreadPoolExecutor(2) as pool:
        trees = pool.map(lambda one: _read(program, one.files["docx"]), made)
        for one, tree in zip(made, trees, strict=True):
            verdict.take(one.name, compare(tree["blocks"], one.document))
    return [verdict]


def compare(blocks: Any, document: Document) -> list[str]:
    """Return how pandoc's blocks differ from the tree in their headings and in the number of tables."""
    nodes = list(walk(document.sections))
    wanted = [
        (one.level, squeeze(f"{one.number}{plain_text(one.children)}")) for one in nodes if isinstance(one, Heading)
    ]
    found = [(level, squeeze(_words(text))) for level, _, text in _blocks_of("Header", blocks)]
    differing = [
        f"heading {mine} reads {theirs}" for mine, theirs in zip(wanted, found, strict=False) if mine != theirs
    ]
    if len(wanted) != len(found):
        differing.append(f"{len(found)} headings instead of {len(wanted)}")
    # Lines to sign and callouts with lists in them are laid out in tables of their own, without header rows.
    tables = sum(isinstance(one, Table) and bool(one.head) for one in nodes)
    headed = sum(bool(table[3][1]) for table in _blocks_of("Table", blocks))
    return differing[:3] + ([f"{headed} tables instead of {tables}"] if tables != headed else [])


def squeeze(text: str) -> str:
    """Return text without white space, which readers set as they like."""
    return re.sub(r"\s+", "", text)


def find_pandoc() -> str:
    """Return the path of pandoc's program; Missing where there is none."""
    try:
        import pypandoc

        return str(pypandoc.get_pandoc_path())
    except (ImportError, OSError) as error:
        raise Missing("pandoc", "make setup") from error


def _read(program: str, file: Path) -> dict[str, Any]:
    done = run([program, "--from=docx", "--to=json", str(file)], capture_output=True, check=True)
    tree: dict[str, Any] = json.loads(done.stdout)
    return tree


def _blocks_of(kind: str, value: Any) -> list[Any]:
    if isinstance(value, list):
        return [found for part in value for found in _blocks_of(kind, part)]
    if not isinstance(value, dict):
        return []
    own = [value["c"]] if value.get("t") == kind else []
    return own + [found for part in value.values() for found in _blocks_of(kind, part)]


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "".join(_words(part) for part in value)
    if not isinstance(value, dict) or value.get("t") == "Note":
        return ""
    if value.get("t") == "Code":
        return str(value["c"][1])
    return str(value.get("c")) if value.get("t") == "Str" else _words(value.get("c"))
