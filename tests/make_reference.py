"""Take the code as it is; write the generated parts of docs/reference; `python -m tests.make_reference` saves them.

A generated part stands between `<!-- made: NAME -->` and `<!-- end -->`; all else in the files is written by hand.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))

from reference_case import appraisal_table
from reference_schema import fields_table
from reference_values import budget_table, computed_table, figures_table, lists_table, others_table

from pipeline.cli.commands import COMMANDS
from pipeline.cli.program import program
from pipeline.cli.session import Session
from pipeline.model.kinds import KINDS
from pipeline.model.schema import SCHEMAS
from pipeline.model.subjects import REGISTERS
from pipeline.render.page import Page
from pipeline.render.templates.blocks.tables import make_table
from pipeline.render.templates.doctypes import DocumentType, load_doctypes
from pipeline.render.templates.environment import make_environment
from pipeline.render.templates.functions import Functions
from pipeline.render.templates.sandbox import _HARMLESS
from pipeline.render.words import Words
from pipeline.sources.snapshot import Door, Snapshot

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
REGION = re.compile(r"(<!-- made: ([a-z-]+)(?: ([a-z_-]+))? -->\n)(.*?)(<!-- end -->)", re.DOTALL)
BY_HAND = set(re.findall("<!-- made: fields ([a-z_]+) -->", (FOLDER / "sources.md").read_text()))
EMPTY = Snapshot({}, "", None)  # type: ignore[arg-type]


def help_text(name: str = "") -> str:
    """Return what `deedbox NAME --help` prints, as a block of code."""
    words = [*([name] if name else []), "--help"]
    shown = CliRunner().invoke(program, words, obj=Session(), prog_name="deedbox", terminal_width=100, color=False)
    assert shown.exit_code == 0, shown.output
    return f"```text\n{shown.output.rstrip()}\n```"


def make_targets() -> str:
    """Return the table of all targets of the Makefile with what they do."""
    found = re.findall(r"^([a-z]+):.*?## (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return _table(("Target", "Does"), [(f"`make {name}`", words) for name, words in found])


def house_doctypes() -> dict[str, DocumentType]:
    """Return the document types that come with Deedbox."""
    return load_doctypes(EMPTY)[0]


def sections() -> str:
    """Return the narratives of the house's document types with their sections."""
    lines = []
    for doctype in house_doctypes().values():
        if doctype.sections:
            names = ", ".join(f"{label}: {name}" for label, name in _names(doctype))
            lines += [f"### {doctype.title}", "", f"`<project>/{_path(doctype)}`. {names}.", ""]
            lines += [f"- {want.title}{' (required)' if want.required else ''}" for want in doctype.sections] + [""]
    return "\n".join(lines).rstrip()


def _names(doctype: DocumentType) -> list[tuple[str, str]]:
    labels = {"pm2": "PM²", "prince2": "PRINCE2", "pmbok": "PMBOK"}
    return [(labels[key], name) for key, name in doctype.names.items()]


def _path(doctype: DocumentType) -> str:
    return doctype.narrative.replace("{period}", "YYYY-MM")


def functions() -> str:
    """Return the functions that templates may call, each with its parameters and its one sentence."""
    rows = []
    for name, function in all_functions().items():
        words = " ".join((inspect.getdoc(function) or "").split())
        given = [*_parameters(function), *(_parameters(make_table)[3:] if name == "table" else ())]
        rows.append((f"`{name}({', '.join(given)})`", words))
    return _table(("Function", "Does"), rows)


def all_functions() -> dict[str, Callable[..., Any]]:
    """Return all functions by the names that templates call."""
    return Functions(Page(Door(EMPTY)), Words("en")).names()


def _parameters(function: Callable[..., Any]) -> list[str]:
    given = inspect.signature(function).parameters.values()
    return [_parameter(one) for one in given if one.name != "self" and one.kind is not one.VAR_KEYWORD]


def _parameter(one: inspect.Parameter) -> str:
    return one.name if one.default is one.empty else f"{one.name}={one.default!r}"


def filters() -> str:
    """Return our own filters, each with its parameters and its one sentence."""
    rows = []
    for name, function in Words("en").filters().items():
        rest = [part.replace("|", "") for part in _parameters(function)[1:]]
        rows.append((f"`{name}{'(' + ', '.join(rest) + ')' if rest else ''}`", (inspect.getdoc(function) or "")))
    return _table(("Filter", "Does"), rows)


def jinja_filters() -> str:
    """Return the filters that are Jinja's own."""
    names = make_environment(Page(Door(EMPTY)), Words("en"), {}, {}).filters.keys() - Words("en").filters().keys()
    return f"{', '.join(f'`{name}`' for name in sorted(names) if name.isidentifier())}."


def methods() -> str:
    """Return the methods of values that templates may call."""
    kinds = [(_KINDS.get(kind, f"`{kind.__name__}`"), sorted(names)) for kind, names in _HARMLESS.items() if names]
    return _table(("Of", "Names"), [(kind, ", ".join(f"`{name}`" for name in names)) for kind, names in kinds])


_KINDS = {str: "a text", dict: "a mapping", date: "a date", list: "a list", tuple: "a fixed list"}


def theme() -> str:
    """Return the house theme, which names every key."""
    return f"```yaml\n{(ROOT / 'templates' / 'theme.yaml').read_text().rstrip()}\n```"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def registers() -> str:
    """Return a section for each register that has none written by hand."""
    parts = []
    for one in REGISTERS:
        if one.name not in BY_HAND:
            parts += [f"## {one.name}", f"`<project>/{one.path}`. {inspect.getdoc(one.model)}", fields_table(one.name)]
    return "\n\n".join(parts)


PARTS: dict[str, Callable[..., str]] = {
    "help": help_text,
    "make-targets": make_targets,
    "fields": fields_table,
    "registers": registers,
    "lists": lists_table,
    "computed": computed_table,
    "others": others_table,
    "figures": figures_table,
    "budget": budget_table,
    "appraisal": appraisal_table,
    "sections": sections,
    "functions": functions,
    "filters": filters,
    "jinja-filters": jinja_filters,
    "methods": methods,
    "theme": theme,
}

# Registers whose section is generated as a whole.
ALONE = {one.name for one in REGISTERS} - BY_HAND

# Every part that has to be there, so that nothing new is missing from the reference.
WANTED = {
    *((name, "") for name in PARTS if name not in ("help", "fields")),
    ("help", ""),
    *(("help", name) for name in COMMANDS),
    # The file of one record has the fields of the register's list.
    *(("fields", name) for name in SCHEMAS.keys() - {KINDS[one.name].noun for one in REGISTERS} - ALONE),
}


def fill(text: str) -> str:
    """Return a file's text with its generated parts made anew."""
    return REGION.sub(lambda found: f"{found[1]}\n{_make(found[2], found[3] or '')}\n\n{found[5]}", text)


def _make(part: str, what: str) -> str:
    return PARTS[part](what) if what else PARTS[part]()


def main() -> None:
    """Save the generated parts of all files."""
    for path in sorted(FOLDER.glob("*.md")):
        path.write_text(fill(path.read_text()))


if __name__ == "__main__":
    main()
