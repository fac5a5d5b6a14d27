"""Take the Markdown of a narrative; part it at its level-1 headings; give sections by name, and problems."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.document.tree import Block, Blocks, Heading
from pipeline.document.walk import rewrite
from pipeline.model.base import Flag, Record
from pipeline.problems import Place, Problem, did_you_mean
from pipeline.render.templates.islands import words_of


class Wanted(Record):
    """A section that a document type asks of its narrative."""

    title: str
    required: Flag = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section as written: its heading, and the blocks below it with their headings one level lower."""

    heading: Heading
    blocks: Blocks


def slug(text: str) -> str:
    """Return a text as an id: lower case, words joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", text.lower()))


def part_narrative(
    blocks: Blocks, file: str, wanted: Iterable[Wanted], said: Any
) -> tuple[dict[str, Part], list[Problem]]:
    """Return the sections of a narrative by slug in their order, and what is wrong with them.

    A wanted section is found by its English title, by its title in the document's language (`said` translates), or by
    an id on the heading. Text above the first heading is a problem: no template would show it.
    """
    names = {slug(name): slug(want.title) for want in wanted for name in (want.title, said(want.title))}
    parts: dict[str, Part] = {}
    problems: list[Problem] = []
    for heading, below in _cut(blocks):
        if heading is None:
            problems.append(_homeless(below, file))
            continue
        key = names.get(heading.id) or names.get(slug(words_of(heading.children))) or slug(words_of(heading.children))
        if key in parts:
            problems.append(
                Problem("DB303", f"the section `{words_of(heading.children)}` is there twice", heading.place)
            )
            continue
        parts[key] = Part(heading, below)
    problems.extend(_missing(parts, wanted, names, file))
    return parts, problems


def _cut(blocks: Blocks) -> list[tuple[Heading | None, Blocks]]:
    out: list[tuple[Heading | None, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            out.append((block, []))
        elif out:
            out[-1][1].append(block)
        else:
            out.append((None, [block]))
    return [(heading, tuple(below)) for heading, below in out]


def _homeless(blocks: Blocks, file: str) -> Problem:
    place = getattr(blocks[0], "place", Place()) if blocks else Place()
    return Problem(
        "DB304",
        "text stands above the first section",
        place if place.file else Place(file),
        "begin the narrative with a heading such as `# Executive summary`",
    )


def _missing(parts: dict[str, Part], wanted: Iterable[Wanted], names: dict[str, str], file: str) -> list[Problem]:
    strangers = {words_of(part.heading.children): part for key, part in parts.items() if key not in names.values()}
    problems = []
    for want in wanted:
        if want.required and slug(want.title) not in parts:
            hint = did_you_mean(want.title, strangers)
            near = hint.startswith("did") and f"is `{hint[14:-2]}` this section? name it `# {want.title}`"
            message = f"the required section `{want.title}` is missing"
            problems.append(
                Problem("DB301", message, Place(file), near or f"add a heading `# {want.title}` and its text")
            )
        elif slug(want.title) in parts and want.required and not parts[slug(want.title)].blocks:
            place = parts[slug(want.title)].heading.place
            problems.append(
                Problem("DB302", f"the required section `{want.title}` is empty", place, "write its text below")
            )
    return problems


def shift_headings(blocks: Blocks, by: int) -> Blocks:
    """Return blocks with their headings `by` levels lower (deeper), six at most."""

    def change(node: Any) -> Any:
        return replace(node, level=max(1, min(6, node.level + by))) if isinstance(node, Heading) else node

    return rewrite(blocks, change) if by else blocks
