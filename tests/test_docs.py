"""Take the code and the pages of docs; look for what one has and the other lacks; fail where they differ."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import pytest
from jinja2 import Environment, nodes
from make_reference import FOLDER, REGION, ROOT, WANTED, all_functions, fill, house_doctypes
from reference_values import sample_project, sample_snapshot

from pipeline import problems
from pipeline.archive.manifest import Change, FileEntry, Manifest, ProjectLine
from pipeline.cli.commands import COMMANDS
from pipeline.cli.program import program
from pipeline.document.tree import Inline, Paragraph, Status
from pipeline.document.walk import walk
from pipeline.model.narrative import NarrativeMeta
from pipeline.model.read import check_value, read_record
from pipeline.model.subjects import SUBJECTS, Subject
from pipeline.model.where import Source
from pipeline.render.assemble.document import _more_names
from pipeline.render.page import Page
from pipeline.render.templates.doctypes import Head
from pipeline.render.templates.environment import make_environment
from pipeline.render.templates.islands import words_of
from pipeline.render.theme_file import load_theme
from pipeline.render.words import Words
from pipeline.sources.frontmatter import read_markdown
from pipeline.sources.snapshot import Door
from pipeline.sources.yaml.file import read_yaml
from tests.worlds.portfolio import Portfolio, render_portfolio

REFERENCE = sorted(FOLDER.glob("*.md"))
# Decisions and changes tell of their time; all other pages tell of today.
PAGES = [
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "repository/README.md")),
]
FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"\bDB[0-9]{3}\b")
SHAPES = {"on_track": "●", "at_risk": "▲", "off_track": "■", "not_yet": "○", "done": "●"}


def page(name: str) -> str:
    return (FOLDER / name).read_text()


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def code_of_rooms() -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / "pipeline").rglob("*.py")))


def fences(text: str, *languages: str) -> list[str]:
    return [body for _, language, body in FENCE.findall(text) if language in languages]


def examples(name: str, *languages: str) -> list[object]:
    """Return the examples of a page as parameters of a test, named by their line."""
    text = page(name)
    found = [found for found in FENCE.finditer(text) if found[2] in languages]
    return [pytest.param(one[3], id=f"{name}:{text.count(chr(10), 0, one.start()) + 1}") for one in found]


# The generated parts.


@pytest.mark.parametrize("path", REFERENCE, ids=name_of)
def test_generated_parts_are_those_of_the_code(path: Path) -> None:
    text = path.read_text()
    assert text == fill(text), "run: .venv/bin/python -m tests.make_reference"


def test_every_generated_part_has_its_place_once() -> None:
    found = [(part, what) for path in REFERENCE for _, part, what, *_ in REGION.findall(path.read_text())]
    assert sorted(found) == sorted(WANTED)


# Commands, options, targets.


def said_commands(text: str) -> Iterator[list[str]]:
    """Yield the words of each command line of Deedbox in blocks of code and in `code` within a line."""
    for line in "\n".join(fences(text, "sh", "")).splitlines():
        if found := re.match(r"(?:\S*/)?deedbox (?!:)(.*?)(?:\s{2,}#.*| # .*)?$", line.strip()):
            yield found[1].split()
    for code in re.findall(r"(?<!`)`deedbox ([^`\n]+)`(?!`)", text):
        yield code.split()


def _find_command(group: click.Command | None, word: str) -> click.Command | None:
    return group.commands.get(word) if isinstance(group, click.Group) else None


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_commands_on_a_page_exist_with_their_options(path: Path) -> None:
    for words in said_commands(path.read_text()):
        names = [word for word in words if word in COMMANDS]
        assert names or words[0].startswith("-") or words[0].isupper(), f"no command in `deedbox {' '.join(words)}`"
        context = click.Context(program)
        commands = [program, *(program.get_command(context, name) for name in names[:1])]
        commands += [one for group in commands[1:] for word in words[1:2] if (one := _find_command(group, word))]
        known = {flag for one in commands if one for option in one.params for flag in option.opts} | {"--help", "-h"}
        flags = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert flags <= known, f"`deedbox {' '.join(words)}` has unknown options {flags - known}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_make_targets_on_a_page_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = path.read_text()
    said = {*re.findall(r"`make ([a-z]+)", text), *re.findall(r"^make ([a-z]+)", "\n".join(fences(text, "sh")), re.M)}
    assert said <= targets


def test_exit_codes_are_documented() -> None:
    table = page("commands.md").partition("## Exit codes")[2].partition("\n## ")[0]
    codes = {value for name, value in vars(problems).items() if name.isupper() and isinstance(value, int)}
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == codes


def test_environment_variables_are_documented() -> None:
    table = page("commands.md").partition("## Environment variables")[2].partition("\n## ")[0]
    found = set(re.findall(r'environ(?:\.get|\.pop)?[(\[]\s*"([A-Z_]+)"|"(DEEDBOX_[A-Z_]+)"', code_of_rooms()))
    found = {own or other for other, own in found}
    # Some are set for others and never read; PATH means what it means everywhere.
    read = found - {"FONTCONFIG_FILE", "TZ", "DEEDBOX_OUTPUT", "PATH"}
    listed = re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
    assert {name for cell in listed for name in re.findall(r"`([A-Z_]+)`", cell)} == read


def test_every_key_of_the_manifest_is_documented() -> None:
    told = set(re.findall(r"`(\w+)`", page("commands.md").partition("### What is written")[2].partition("\n## ")[0]))
    assert {name for kind in (Manifest, FileEntry, ProjectLine, Change) for name in kind.__struct_fields__} <= told


# Problems.


def test_problem_codes_of_the_code_and_of_the_docs_are_the_same() -> None:
    listed = re.findall(r"^\| (DB[0-9]{3}) \|", page("problems.md"), re.MULTILINE)
    assert len(listed) == len(set(listed)), "a code is listed twice"
    assert set(listed) == set(CODE.findall(code_of_rooms()))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_problem_codes_on_a_page_exist(path: Path) -> None:
    assert set(CODE.findall(path.read_text())) <= set(CODE.findall(code_of_rooms()))


# Templates.


def test_every_document_type_of_the_house_is_named() -> None:
    told = re.findall(r"`([\w-]+)`", page("templates.md").partition("## A document type")[0])
    assert house_doctypes().keys() <= set(told)


def test_every_key_of_a_template_is_documented() -> None:
    table = page("templates.md").partition("### Front matter")[2].partition("\n#")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(Head.model_fields)


def test_names_of_period_and_document_are_documented() -> None:
    names = set(re.findall(r'^        "(\w+)":', inspect.getsource(_more_names), re.MULTILINE))
    table = page("writing.md").partition("### Day, period, document")[2].partition("\n#")[0]
    assert {name for _, name in re.findall(r"`(period|document)\.(\w+)`", table)} == names


# Examples.


def subject_of(path: str) -> tuple[Subject, bool]:
    """Return the subject of a source file, and whether the file holds one record or one period of it."""
    inside = path if "/" not in path else path.partition("/")[2]
    for subject in SUBJECTS:
        if inside == subject.path or (subject.folder and inside.startswith(subject.folder)):
            return subject, inside != subject.path
    raise AssertionError(f"no subject has the file {path}")


@pytest.mark.parametrize("text", examples("sources.md", "yaml"))
def test_yaml_examples_of_the_sources_load_without_problem(text: str) -> None:
    path = text.partition("\n")[0].removeprefix("# ")
    subject, single = subject_of(path)
    snapshot = sample_snapshot({path: text})
    stem = Path(path).stem if single else ""
    read = read_record(snapshot, path, (single and subject.record) or subject.model, subject.name, stem)
    assert read.record is not None
    assert read.problems == ()


def test_yaml_examples_of_the_theme_load_without_problem() -> None:
    own, house = fences(page("templates.md"), "yaml")
    load_theme(own.encode())
    assert read_yaml("theme.yaml", house.encode()).problems == ()


FRONT = re.compile(r"\A---\n(.*?)^---\n", re.DOTALL | re.MULTILINE)


def test_front_matter_examples_of_narratives_load_without_problem() -> None:
    (text,) = fences(page("sources.md"), "markdown")
    file = read_markdown("charter.md", text.encode())
    meta, found = check_value(Source("narratives", "charter.md", file.meta), NarrativeMeta, "")
    assert meta is not None
    assert found == ()


def render(extra: dict[str, str], names: set[str]) -> Portfolio:
    """Return documents of the sample's project after further files have come into it."""
    documents = tuple(path for path in extra if path.startswith("atlas/documents/"))
    project = replace(sample_project(), documents=documents)
    portfolio = render_portfolio((project,), sample_snapshot(extra), lambda _, name: name in names)
    assert portfolio.rendered, "no document came of the example"
    return portfolio


@pytest.mark.parametrize("text", examples("writing.md", "markdown"))
def test_markdown_examples_build_without_problem(text: str) -> None:
    if not FRONT.match(text) and re.search(r"\{[{%]", text):
        text = f"---\nvalues: true\n---\n\n{text}"
    portfolio = render({"atlas/documents/example.md": text}, {"documents/example"})
    assert portfolio.problems == ()


@pytest.mark.parametrize("text", examples("templates.md", "jinja"))
def test_template_examples_build_without_problem(text: str) -> None:
    if not FRONT.match(text):
        text = f"---\nid: example\ntitle: Example\neach: project\n---\n{text}"
    portfolio = render({"templates/example.md.j2": text}, {"example", "risk-list"})
    assert portfolio.problems == ()


def written_and_printed() -> list[tuple[str, str]]:
    table = page("writing.md").partition("| Write | Prints |")[2].partition("\n\n")[0]
    return [(code.replace("\\|", "|"), shown) for code, shown in re.findall(r"^\| `(.+)` \| (.+) \|$", table, re.M)]


def test_values_print_what_the_page_says() -> None:
    rows = written_and_printed()
    text = "---\nvalues: true\n---\n\n" + "\n\n".join(code for code, _ in rows)
    portfolio = render({"atlas/documents/example.md": text}, {"documents/example"})
    (rendered,) = portfolio.rendered
    assert rendered.document is not None, rendered.problems
    lines = [node for node in walk(rendered.document.sections) if isinstance(node, Paragraph) and node.role == "body"]
    printed = ["".join(printed_words(part) for part in line.children).replace("\u00a0", " ") for line in lines]
    assert printed == [shown for _, shown in rows]


def printed_words(node: Inline) -> str:
    return f"{SHAPES[node.state]} {node.word}" if isinstance(node, Status) else words_of(node)


def inline_code(text: str) -> list[str]:
    return [code.replace("\\|", "|") for code in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", FENCE.sub("", text))]


@pytest.mark.parametrize("name", ["writing.md", "templates.md"])
def test_filters_and_functions_named_on_a_page_exist(name: str) -> None:
    environment = make_environment(Page(Door(sample_snapshot())), Words("en"), {}, all_functions())
    code = inline_code(page(name))
    values = [value for text in code for value in re.findall(r"\{\{ [^…]+? \}\}", text)]
    named = {one.name for value in values for one in Environment().parse(value).find_all(nodes.Filter)}
    assert named - {"filter"} <= environment.filters.keys()
    called = {found[1] for text in code if (found := re.match(r"(?:\{\{ )?([a-z_]+)\(", text))}
    assert called <= environment.globals.keys() | environment.filters.keys()
