"""Take a repository's own templates and theme, good and bad; load them; check what is taken and what is said."""

from __future__ import annotations

import pytest
from render_project import REPORT
from render_sketch import sketch
from render_work import TIME, find, portfolio_of, render

from pipeline.document.house import house_templates
from pipeline.document.theme import Theme
from pipeline.document.tree import Heading, Paragraph
from pipeline.problems import Place, Stop
from pipeline.render.templates.doctypes import SUFFIX, load_doctypes
from pipeline.render.templates.islands import words_of
from pipeline.render.theme_file import load_theme
from pipeline.sources.snapshot import Snapshot

HEAD = "---\nid: note\ntitle: Note\neach: project\n---\n"
OWN = "templates/note.md.j2"


def load(files: dict[str, str | bytes]) -> tuple[dict[str, str], list[tuple[str, Place]]]:
    types, problems = load_doctypes(Snapshot.of(files, TIME))
    return {name: one.path for name, one in types.items()}, [(p.code, p.place) for p in problems]


def test_house_has_its_document_types_and_nothing_is_wrong_with_them() -> None:
    types, problems = load({})
    assert set(types) == {
        "acceptance-note", "business-case", "charter", "closure-checklist", "closure-report", "configuration-register",
        "document", "lessons-register", "progress-report", "stakeholder-matrix", "work-plan",
    }  # fmt: skip
    assert problems == []


def test_own_type_joins_those_of_the_house_and_is_rendered() -> None:
    made = render({OWN: HEAD + "# Note of {{ project.name }}\n\n{{ project.status_date }}\n"}, "note")
    assert made.problems == ()
    assert made.document is not None
    assert sketch(made.document.sections[0].blocks) == ["h1#note-of-atlas: 1 Note of Atlas", "p: 30 Sep 2026"]
    assert OWN in made.sources


@pytest.mark.parametrize("path", ["templates/charter.md.j2", "templates/a.md.j2", "templates/ours/z.md.j2"])
def test_own_template_goes_before_the_houses_of_the_same_id(path: str) -> None:
    types, problems = load({path: HEAD.replace("note", "charter")})
    assert types["charter"] == path
    assert problems == []


def test_two_own_templates_of_one_id_are_a_problem() -> None:
    _, problems = load({"templates/a.md.j2": HEAD, "templates/b.md.j2": HEAD})
    assert problems == [("DB344", Place("templates/b.md.j2", 2, 5))]


def test_partial_is_no_document_and_may_take_the_place_of_the_houses() -> None:
    types, problems = load({"templates/_part.md.j2": "x", "templates/readme.md": "x"})
    assert set(types) == set(load({})[0]) and problems == []
    front = "{% macro control() %}Ours{% endmacro %}{% macro signatures() %}{% endmacro %}"
    made = render({"templates/_front.md.j2": front})
    assert made.document is not None
    assert "Ours" in [words_of(p.children) for p in find(made.document.sections, Paragraph)]
    assert "templates/_front.md.j2" in made.sources


FAULTS = {
    "no front matter": ("# Note", "DB342"),
    "empty": ("", "DB342"),
    "no id": (HEAD.replace("id: note\n", ""), "DB342"),
    "unknown key": (HEAD.replace("title", "titel"), "DB341"),
    "broken YAML": (HEAD.replace("note", "[note"), "DB1"),
    "not UTF-8": (HEAD.encode() + b"caf\xe9", "DB1"),
    "id of a wrong kind": (HEAD.replace("id: note", "id: [note]"), "DB343"),
    "id that climbs": (HEAD.replace("id: note", "id: ../note"), "DB343"),
    "id with a slash": (HEAD.replace("id: note", "id: a/b"), "DB343"),
    "id of capitals": (HEAD.replace("id: note", "id: Note"), "DB343"),
    "each of nothing": (HEAD.replace("project", "planet"), "DB343"),
    "sections of a wrong kind": (HEAD.replace("project\n", "project\nsections: 5\n"), "DB343"),
    "section without a title": (HEAD.replace("project\n", "project\nsections: [{required: true}]\n"), "DB343"),
    "section with a number": (HEAD.replace("project\n", "project\nsections: [{title: 5}]\n"), "DB343"),
    "section often required": (HEAD.replace("project\n", "project\nsections: [{title: A, required: so}]\n"), "DB343"),
    "phase that is none": (HEAD.replace("project\n", "project\nphases: [dreaming]\n"), "DB343"),
    "phases of a wrong kind": (HEAD.replace("project\n", "project\nphases: closed\n"), "DB343"),
    "landscape by word": (HEAD.replace("project\n", "project\nlandscape: maybe\n"), "DB343"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_template_with_a_fault_is_told_of_and_left_out(name: str) -> None:
    text, code = FAULTS[name]
    types, problems = load({OWN: text})
    assert "note" not in types
    assert problems
    assert all(found.startswith(code) or found == "DB342" for found, _ in problems)
    assert any(found.startswith(code) for found, _ in problems)
    assert {place.file for _, place in problems} == {OWN}


TOLD = {
    "id: ../note": (2, 5, "`id` of a template is not written in its form", "small letters, digits and hyphens"),
    "each: planet": (4, 7, '`each` of a template cannot be "planet"', "known here: document, period, project"),
    "chart_data: nowhere": (5, 13, '`chart_data` of a template cannot be "nowhere"', "known here: annex, none"),
    "landscape: maybe": (5, 12, '`landscape` of a template wants true or false, has "maybe"', ""),
    "title: 5": (3, 8, "`title` of a template wants text, has 5", "put it in quotes"),
    "needs: [risk]": (5, 9, '`needs` of a template cannot be "risk"', "did you mean `risks`?"),
    "phases: [closing, executin]": (5, 19, '`phases` of a template cannot be "executin"', "did you mean `executing`?"),
    "sections: [{title: A, title_of: B}]": (5, 23, "unknown key `title_of` in `sections` of a template", "title"),
    "sections: [A]": (5, 12, "`sections` of a template wants a mapping", ""),
    "names: PM": (5, 8, "`names` of a template wants a mapping", ""),
}


@pytest.mark.parametrize("line", TOLD)
def test_value_that_is_wrong_is_told_with_its_place_and_what_is_wanted(line: str) -> None:
    row, column, words, hint = TOLD[line]
    kept = [one for one in HEAD.splitlines() if one.partition(":")[0] != line.partition(":")[0]]
    text = "\n".join([*kept[: row - 1], line, *kept[row - 1 :]])
    (problem,) = load_doctypes(Snapshot.of({OWN: text}, TIME))[1]
    assert (problem.code, problem.place) == ("DB343", Place(OWN, row, column))
    assert words in problem.message and hint in problem.hint


def test_everything_that_is_wrong_with_a_head_is_told_at_once() -> None:
    _, problems = load({OWN: "---\nid: A\ntitel: B\n5: x\nnarrative:\n---\n"})
    assert sorted(problems) == [
        ("DB341", Place(OWN, 3, 1)), ("DB341", Place(OWN, 4, 1)), ("DB342", Place(OWN, 1)), ("DB342", Place(OWN, 1)),
        ("DB343", Place(OWN, 2, 5)), ("DB343", Place(OWN, 5, 11)),
    ]  # fmt: skip


def test_nothing_is_wrong_with_what_ships() -> None:
    heads = {path: data for path, data in house_templates().items() if path.endswith(SUFFIX)}
    assert load_doctypes(Snapshot.of(heads, TIME))[1] == ()
    # Laid over itself, it is checked as a repository's own is, its contrasts too.
    assert load_theme(house_templates()["templates/theme.yaml"].replace(b'logo: ""', b"")) == load_theme()


def test_misspelt_key_comes_with_the_nearest() -> None:
    _, problems = load_doctypes(Snapshot.of({OWN: HEAD.replace("each", "eech")}, TIME))
    assert "did you mean `each`?" in [problem.hint for problem in problems]


def test_template_of_a_phase_is_made_in_that_phase_alone() -> None:
    for phases, made in (("[closed]", False), ("[executing, closing]", True), ("[]", True)):
        text = HEAD.replace("project\n", f"project\nphases: {phases}\n")
        assert (("atlas", "note") in portfolio_of({OWN: text}).known) is made


def test_type_made_for_each_period_needs_no_narrative() -> None:
    text = HEAD.replace("each: project", "each: period") + "{{ period.id }}: {{ figures.risks.open }}"
    assert sketch(render({OWN: text}, "note-2026-08").document.sections[0].blocks) == ["p: 2026-08: 1"]  # type: ignore[union-attr]
    assert sketch(render({OWN: text}, "note-2026-09").document.sections[0].blocks) == ["p: 2026-09: 2"]  # type: ignore[union-attr]


def test_braces_in_the_path_of_a_narrative_are_no_format() -> None:
    text = HEAD.replace("project\n", "period\nnarrative: 'notes/{period.__class__}-{0}.md'\n")
    portfolio = portfolio_of({OWN: text})
    assert not [name for _, name in portfolio.known if name.startswith("note")]


def test_report_of_a_period_without_progress_is_an_error_at_the_report() -> None:
    problems = portfolio_of({"atlas/reports/2026-07.md": REPORT}).problems
    assert [(p.code, p.place) for p in problems] == [("DB307", Place("atlas/reports/2026-07.md"))]


def test_charter_that_is_not_written_is_a_warning_that_names_its_sections() -> None:
    portfolio = portfolio_of({"atlas/charter.md": None})
    (problem,) = portfolio.problems
    assert (problem.code, problem.severity, problem.place) == ("DB306", "warning", Place("atlas/charter.md"))
    assert "Executive summary" in problem.hint and "Scope" not in problem.hint
    assert ("atlas", "charter") not in portfolio.known


def theme_of(text: str) -> Theme:
    return load_theme(text.encode())


def test_own_theme_changes_what_it_names_and_nothing_else() -> None:
    house = load_theme()
    own = theme_of(
        "page: {size: Letter, margins: {left: 25.4}}\ncolours: {accent: '#7a1f1f'}\nfonts: {text: {word: Georgia}}\n"
        "text: {body: {colour: '#222222', bold: true}, kicker: {spacing: 1}}\ntable: {cell_padding: {x: 4}}\n"
        "status: {done: {shape: X}}\n"
    )
    assert (own.page.width, own.page.left, own.page.right) == (612.0, 72.0, house.page.right)
    assert own.text["kicker"].colour == "#7a1f1f" and own.text["kicker"].spacing == 1
    assert (own.text["body"].colour, own.text["body"].bold, own.text["body"].size) == ("#222222", True, 10)
    assert (own.text_font.word, own.text_font.pdf) == ("Georgia", house.text_font.pdf)
    assert (own.table.padding_x, own.table.padding_y) == (4, house.table.padding_y)
    assert own.status["done"].shape == "X"
    assert own.text["heading-1"] == house.text["heading-1"]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "text: {}\n"])
def test_empty_theme_is_the_houses(text: str) -> None:
    assert theme_of(text) == load_theme()


WRONG = {
    "unknown part": ("colour: {}", "DB311", (1, 1)),
    "unknown role": ("text: {bodi: {size: 9}}", "DB311", (1, 8)),
    "unknown setting": ("text: {body: {sise: 9}}", "DB311", (1, 15)),
    "no colour": ("colours: {accent: red}", "DB310", (1, 19)),
    "colour with a rule behind": ("colours: {accent: '#112233; }'}", "DB310", (1, 19)),
    "unknown colour of a style": ("\ntext: {body: {colour: bluish}}", "DB310", (2, 23)),
    "rule in the colour of a style": ("text: {body: {colour: 'red; } body { x'}}", "DB310", (1, 23)),
    "size in words": ("text: {body: {size: big}}", "DB310", (1, 21)),
    "size below zero": ("text: {body: {size: -1}}", "DB310", (1, 21)),
    "size of nothing": ("text: {body: {size: 0}}", "DB310", (1, 21)),
    "endless size": ("text: {body: {size: 99999}}", "DB310", (1, 21)),
    "bold by word": ("text: {body: {bold: very}}", "DB310", (1, 21)),
    "number that is true": ("text: {body: {size: true}}", "DB310", (1, 21)),
    "list": ("- a", "DB310", (1, 1)),
    "text": ("just words", "DB310", (1, 1)),
    "value where keys belong": ("text: 5", "DB310", (1, 7)),
    "sheet": ("page: {size: A5}", "DB310", (1, 14)),
    "margins without a page": ("page: {margins: {left: 150, right: 150}}", "DB310", (1, 17)),
    "broken YAML": ("a: [", "DB1", (0, 0)),
}


@pytest.mark.parametrize("name", WRONG)
def test_theme_with_a_fault_stops_with_its_place(name: str) -> None:
    text, code, (line, column) = WRONG[name]
    with pytest.raises(Stop) as stop:
        theme_of(text)
    (problem,) = stop.value.problems
    assert problem.code.startswith(code)
    assert problem.place.file == "theme/theme.yaml"
    if line:
        assert (problem.place.line, problem.place.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("colours: {accent: red}", '`colours.accent` of the theme is not written in its form: "red"', "like #1b4f8a"),
        ("page: {size: A5}", '`page.size` of the theme cannot be "A5"', "known here: A4, Letter"),
        ("text: {body: {size: big}}", '`text.body.size` of the theme wants a number, has "big"', ""),
        ("text: {body: {size: 2001}}", "`text.body.size` of the theme wants at most 2000, has 2001", ""),
        ("text: {body: {size: 1e999999}}", "`1e999999` is not a number that a document can use", 'in "quotes"'),
        ("text: {heading-1: {sise: 9}}", "unknown key `sise` in `text.heading-1` of the theme", "did you mean `size`?"),
        ("spaces: {}", "unknown key `spaces` in the theme", "did you mean `space`?"),
        ("fonts: {text: {word: ''}}", "`fonts.text.word` of the theme wants text, is empty", ""),
        ("levels:", "`levels` of the theme wants a mapping", ""),
    ],
)
def test_theme_with_a_fault_says_what_is_wanted(text: str, words: str, hint: str) -> None:
    with pytest.raises(Stop) as stop:
        theme_of(text)
    (problem,) = stop.value.problems
    assert words in problem.message and hint in problem.hint


def test_theme_names_all_its_faults_at_once() -> None:
    with pytest.raises(Stop) as stop:
        theme_of("colours: {accent: red, acent: '#112233'}\ntext: {body: {size: x}}\n")
    assert [problem.place.line for problem in stop.value.problems] == [1, 1, 2]
    assert "did you mean `accent`?" in [problem.hint for problem in stop.value.problems]


def test_theme_of_the_repository_is_a_source_of_every_document() -> None:
    for one in portfolio_of({"theme/theme.yaml": "colours: {accent: '#7a1f1f'}"}).rendered:
        assert "theme/theme.yaml" in one.sources


def test_numbering_and_orientation_come_from_the_type() -> None:
    text = HEAD.replace("project\n", "project\nnumbering: false\nlandscape: true\n") + "# A"
    document = render({OWN: text}, "note").document
    assert document is not None
    assert document.sections[0].landscape
    assert [heading.number for heading in find(document.sections, Heading)] == [""]
