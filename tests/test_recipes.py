"""Take the recipes of CONTRIBUTING.md; follow each to the letter in one copy of the source; build and look with it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.golden.repositories import clean_environment, make_repository

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = ROOT / "tests/golden/minimal/repository"

FORMAT = '''"""Take a document; write its title as plain text; give bytes."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.write import FileSet


def write(made: FileSet) -> bytes:
    """Return the document as plain text."""
    return f"{made.document.properties.title}\\n".encode()


def find_faults(data: bytes) -> Iterator[str]:
    """Yield what is wrong with a text that we wrote."""
    if b"damaged" in data:
        yield "it says so"
'''

DOCUMENT = """---
id: visit-note
title: Visit note
each: project
---
# {{ project.name }}

The name has {{ figures.letters }} letters.

{{ stacks([{"title": "One", "value": 1}, {"title": "Two", "value": 2}]) }}
"""

RULE = '''

def check_name(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning if the project is called Mill."""
    if project.info.name == "Mill":
        yield Problem("DB299", "the project is called Mill", where.place("project", "", "name"), "", "warning")
'''

FIGURE = '''"""Take a project; count the letters of its name; give the count."""

from __future__ import annotations

from pipeline.model.project import Project


def count_letters(project: Project) -> int:
    """Return the number of letters of the project's name."""
    return sum(map(str.isalpha, project.info.name))
'''

CHART = '''"""Take named figures; draw them as bars; give the chart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.render.charts.bars import make_bars
from pipeline.render.charts.canvas import Chart, Look
from pipeline.render.words import Words


def make_stacks(rows: Iterable[Any], look: Look, words: Words) -> tuple[Chart, ...]:
    """Return the chart of the figures."""
    return make_bars(rows, look, words, title="Stacks")
'''

METHOD = '''    def stacks(self, rows: Iterable[Any], **settings: Any) -> Markup:
        """Put stacks: each {title, value}."""
        return self._show(lambda look: make_stacks(rows, look, self.words), **settings)

'''

COMMAND = '''"""Take nothing but the call; greet; give exit code 0."""

from __future__ import annotations

import click

from pipeline.cli.session import common_options, session_of
from pipeline.cli.show import give


@click.command("hello", help="Greet whoever calls.")
@common_options
@click.pass_context
def command(context: click.Context, /) -> int:
    """Greet."""
    give("Hello.", session_of(context).settings)
    return 0
'''

NODE = '''@dataclass(frozen=True, slots=True)
class Ornament:
    """A small ornament between two parts of a text."""


Block = (
    Ornament
    | Heading'''

TABLES = """
import json
from typing import get_args
from pipeline.document.tree.blocks import Block
from pipeline.write.docx.body import BLOCK_WRITERS
from pipeline.write.html.blocks import WRITERS as HTML
from pipeline.write.markdown.blocks import WRITERS as MARKDOWN
from pipeline.write.spacing import _AFTER
tables = {"docx": BLOCK_WRITERS, "html": HTML, "markdown": MARKDOWN, "spacing": _AFTER}
missed = {name: set(get_args(Block)) - set(table) for name, table in tables.items()}
print(json.dumps({name: [kind.__name__ for kind in kinds] for name, kinds in missed.items()}))
"""


class Copy:
    """A copy of the source, in which recipes are followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("pipeline", "templates", "docs", "repository"):
            leave = ("__pycache__", "build") if name == "repository" else ("__pycache__",)
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*leave))
        (folder / "tests").mkdir()
        for file in (ROOT / "tests").glob("*.py"):
            shutil.copy(file, folder / "tests")
        shutil.copy(ROOT / "Makefile", folder)

    def write(self, name: str, text: str) -> None:
        file = self.folder / name
        assert not file.exists()
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")

    def append(self, name: str, text: str) -> None:
        self.insert(name, "$", text)

    def insert(self, name: str, before: str, text: str) -> None:
        """Put a text before, or with `$` at the end of, another that stands once in a file."""
        file = self.folder / name
        old = file.read_text("utf-8")
        assert before == "$" or old.count(before) == 1, f"{name}: {before}"
        file.write_text(old + text if before == "$" else old.replace(before, text + before), "utf-8")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy; it imports nothing of ours from elsewhere."""
        environment = clean_environment(PYTHONPATH=str(self.folder), PYTHONDONTWRITEBYTECODE="1")
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def deedbox(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "pipeline", *words)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """Return a copy in which all recipes were followed but that of a node."""
    copy = Copy(tmp_path_factory.mktemp("copy"))
    copy.write("templates/visit-note.md.j2", DOCUMENT)

    copy.append("pipeline/model/rules/identity.py", RULE)
    insert_after(copy, "pipeline/model/rules/table.py", "RULES: tuple[Rule, ...] = (\n", "    identity.check_name,\n")

    figures = "pipeline/render/views/figures.py"
    copy.write("pipeline/controls/letters.py", FIGURE)
    copy.insert(figures, "from pipeline.controls.figures", "from pipeline.controls.letters import count_letters\n")
    insert_after(
        copy, figures, '"figures",\n            {\n',
        '                "letters": self.view.lazy(lambda: count_letters(project), "project"),\n',
    )  # fmt: skip
    insert_after(copy, "tests/reference_names.py", "FIGURES = {\n", '    "letters": "letters of the name",\n')

    functions = "pipeline/render/templates/chart_functions.py"
    copy.write("pipeline/render/charts/stacks.py", CHART)
    copy.insert(
        functions, "from pipeline.render.charts.tornado", "from pipeline.render.charts.stacks import make_stacks\n"
    )
    copy.insert(functions, "    def _show(\n", METHOD)

    copy.write("pipeline/write/txt/__init__.py", FORMAT)
    insert_after(
        copy, "pipeline/document/formats.py", "FORMATS: Mapping[str, Format] = {\n",
        '    "txt": Format("Plain text", "text/plain; charset=utf-8", 4, fault="DB998"),\n',
    )  # fmt: skip

    copy.write("pipeline/cli/hello.py", COMMAND)
    insert_after(copy, "pipeline/cli/commands.py", "COMMANDS = {\n", '    "hello": ("pipeline.cli.hello", "Greet."),\n')
    copy.append("docs/reference/commands.md", "\n## hello\n\n<!-- made: help hello -->\n<!-- end -->\n")
    return copy


def insert_after(copy: Copy, name: str, head: str, line: str) -> None:
    """Put a line at the start of a table."""
    file = copy.folder / name
    old = file.read_text("utf-8")
    assert old.count(head) == 1, f"{name}: {head}"
    file.write_text(old.replace(head, head + line), "utf-8")


@pytest.fixture(scope="module")
def built(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output folder of the smallest repository, its settings asking for the new format."""
    root = make_repository(REPOSITORY, tmp_path_factory.mktemp("toy") / "repository")
    settings = root / "deedbox.yaml"
    settings.write_text(settings.read_text().replace("formats: [docx, pdf]", "formats: [txt, html]"))
    done = copy.deedbox("build", "mill/visit-note", "mill/charter", "-C", str(root))
    assert done.returncode == 0, done.stderr
    assert "mill/project.yaml:2:7: warning DB299: the project is called Mill\n" in done.stderr  # the new rule
    return root / "build"


@pytest.fixture(scope="module")
def reference(copy: Copy) -> Path:
    """Return the folder of the reference after its parts were made anew."""
    done = copy.run("-m", "tests.make_reference")
    assert done.returncode == 0, done.stderr
    return copy.folder / "docs/reference"


def test_a_new_document_shows_a_new_figure_and_a_new_chart(built: Path) -> None:
    page = (built / "mill/visit-note.html").read_text("utf-8")
    assert "The name has 4 letters." in page
    assert "<img" in page and "Stacks" in page


def test_a_new_format_is_built_listed_and_named(copy: Copy, built: Path) -> None:
    assert (built / "mill/visit-note.txt").read_bytes() == b"Mill: Visit note\n"
    files = json.loads((built / "manifest.json").read_bytes())["files"]
    assert {file["format"] for file in files} == {"html", "txt"} and {file["pages"] for file in files} == {0}
    index = (built / "index.html").read_text("utf-8")
    assert re.search(r'href="mill/visit-note\.txt"[^>]*>\s*Plain text', index)
    assert "Of txt, docx, pdf, html." in copy.deedbox("build", "--help").stdout
    assert '"txt"' in copy.deedbox("schema", "settings").stdout
    wrong = copy.deedbox("build", "--to", "text", "-C", str(built.parent))
    assert wrong.returncode == 2 and "did you mean `txt`?" in wrong.stderr


def test_a_new_format_is_looked_at_when_it_is_written(copy: Copy, tmp_path: Path) -> None:
    root = make_repository(REPOSITORY, tmp_path / "repository")
    (root / "templates").mkdir()
    (root / "templates/visit-note.md.j2").write_text(DOCUMENT.replace("title: Visit note", "title: damaged"), "utf-8")
    done = copy.deedbox("build", "mill/visit-note", "--to", "txt", "-C", str(root))
    assert (done.returncode, "DB998: mill/visit-note.txt is damaged: it says so" in done.stderr) == (3, True)
    assert not (root / "build/mill/visit-note.txt").exists()


def test_a_new_command_greets_and_is_listed(copy: Copy) -> None:
    assert copy.deedbox("hello").stdout == "Hello.\n"
    assert re.search(r"^ +hello +Greet\.$", copy.deedbox("--help").stdout, re.MULTILINE)


def test_the_reference_has_all_that_is_new(reference: Path) -> None:
    commands, writing = (reference / "commands.md").read_text("utf-8"), (reference / "writing.md").read_text("utf-8")
    assert "Greet whoever calls." in commands and "Of txt, docx, pdf, html." in commands
    assert "letters of the name" in writing and "`stacks(rows)`" in "".join(
        file.read_text("utf-8") for file in reference.glob("*.md")
    )
    assert "list of `txt`, `docx`, `pdf`, `html`" in (reference / "sources.md").read_text("utf-8")


def test_a_new_node_is_missed_by_every_writer(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    replace_once(copy, "pipeline/document/tree/blocks.py", "Block = (\n    Heading", NODE)
    replace_once(copy, "pipeline/document/tree/__init__.py", "    PageBreak,\n", "    Ornament,\n    PageBreak,\n")
    done = copy.run("-c", TABLES)
    missed = json.loads(done.stdout)
    assert missed.keys() == {"docx", "html", "markdown", "spacing"}
    assert all(kinds == ["Ornament"] for kinds in missed.values())


def replace_once(copy: Copy, name: str, old: str, new: str) -> None:
    file = copy.folder / name
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{name}: {old}"
    file.write_text(text.replace(old, new), "utf-8")
