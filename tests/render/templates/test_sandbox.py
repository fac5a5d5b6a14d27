"""Take templates that try to get out, to grow without end, or that are merely wrong; run them; check what is said."""

from __future__ import annotations

import pytest
from render_sketch import sketch
from render_work import FILE, RISKS, codes, make_page, run

from pipeline.problems import Place
from pipeline.render.lines import drop_marks
from pipeline.render.templates.budget import MOST
from pipeline.render.templates.environment import make_environment, run_template
from pipeline.render.words import Words

ESCAPES = {
    "class of a text": "{{ ''.__class__ }}",
    "class by filter": "{{ ['']|map(attribute='__class__')|list }}",
    "class by subscript": "{{ project['__class__'] }}",
    "values by subscript": "{{ project['_values'] }}",
    "initialiser by subscript": "{{ project['__init__'] }}",
    "pickling by subscript": "{{ project['__reduce_ex__'](2) }}",
    "class of a list of records": "{{ risks.__class__ }}",
    "items of a list of records": "{{ risks._items }}",
    "module of a function": "{{ table.__globals__ }}",
    "owner of a function": "{{ _.__self__ }}",
    "model's methods": "{{ project.model_dump() }}",
    "frame of a generator": "{{ (risks|map(attribute='id')).gi_frame }}",
    "block reference": "{{ self.__class__ }}",
    "macro's environment": "{% macro m() %}{% endmacro %}{{ m._environment }}",
    "sorting by class": "{{ risks|sort(attribute='__class__')|list }}",
    "selecting by class": "{{ risks|selectattr('__class__')|list }}",
    "grouping by class": "{{ risks|groupby('__class__')|list }}",
    "format of a text": "{{ '{0.__class__}'.format(project) }}",
    "wide format": "{{ '{:>999999999}'.format(1) }}",
    "padding": "{{ 'x'.ljust(999999999) }}",
    "bytes of a number": "{{ (5).to_bytes(9999999999, 'big') }}",
    "percent format": "{{ '%999999999s' % 'x' }}",
    "repeated text": "{{ 'x' * 999999999 }}",
    "repeated list": "{{ [1] * 999999999 }}",
    "power": "{{ 9 ** 999999999 }}",
    "rounding": "{{ 1.5|round(999999999, 'ceil') }}",
    "appending": "{% set a = [] %}{% do a.append(1) %}",
    "changing a mapping": "{% set a = {'b': 1} %}{% do a.update({'c': 2}) %}",
    "adding up lists": "{{ [[1], [2]]|sum(start=[]) }}",
}


@pytest.mark.parametrize("name", ESCAPES)
def test_template_that_reaches_out_reads_nothing_and_is_told_of(name: str) -> None:
    blocks, problems = run("x\n\n" + ESCAPES[name])
    # An undefined name that is printed plainly leaves the rest of the text and a question mark in its own place.
    assert sketch(blocks) in ([], ["p: x", "p: ?"])
    assert problems
    assert {(p.severity, p.place) for p in problems} == {("error", Place(FILE, 3))}
    assert set(codes(problems)) <= {"DB355", "DB351"}
    assert all(p.hint for p in problems if p.code == "DB355")


def test_column_of_a_table_reads_fields_and_nothing_behind_them() -> None:
    for path in ("__class__", "_values", "id.__class__", "__init__.__globals__", "title.upper"):
        blocks, problems = run(f"{{{{ table(risks, [col('T', '{path}')], row_header=false) }}}}")
        assert codes(problems) == ["DB352"] if blocks == () else sketch(blocks) == ["table l: T; –; –"]


def test_record_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="read-only"):
        RISKS["R-01"].title = "x"
    assert codes(run("{% set project.name = 'x' %}")[1]) == ["DB352"]


NOT_THERE = {
    "cycler": "{{ cycler('a') }}",
    "joiner": "{{ joiner() }}",
    "lipsum": "{{ lipsum() }}",
    "dict": "{{ dict(a=1) }}",
    "self": "{{ self }}",
    "attr filter": "{{ project|attr('name') }}",
    "safe filter": "{{ '*x*'|safe }}",
    "escape filter": "{{ '*x*'|e }}",
    "pprint filter": "{{ project|pprint }}",
    "xmlattr filter": "{{ {'a': 1}|xmlattr }}",
    "filesizeformat": "{{ 1|filesizeformat }}",
    "random": "{{ [1, 2]|random }}",
    "unknown filter": "{{ project.name|shout }}",
    "unknown test": "{{ project is silly }}",
    "unknown tag": "{% evil %}",
    "unclosed value": "{{ project.name",
    "unclosed tag": "{% if project %}",
    "empty value": "{{ }}",
    "division by zero": "{{ 1 / 0 }}",
    "deep brackets": "{{ " + "(" * 2000 + "1" + ")" * 2000 + " }}",
    "macro without end": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "loop within itself": "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "loops in loops": "{% for a in [] %}" * 30 + "{% endfor %}" * 30,
    "money of a word": "{{ project.name|money }}",
    "too many decimals": "{{ 1|number(999999999) }}",
    "column of a wrong kind": "{{ table(risks, ['title']) }}",
    "column without a format": "{{ table(risks, [col('T', 'title', 'monney')]) }}",
    "column aligned oddly": "{{ table(risks, [col('T', align='up')]) }}",
    "column of a wrong width": "{{ table(risks, [col('T', width='wide')]) }}",
    "heading of a wrong level": "{{ heading('T', 'one') }}",
    "contents of a wrong depth": "{{ toc(depth='deep') }}",
    "status that is none": "{{ status('purple') }}",
    "signature without a role": "{{ signature_block([{}]) }}",
    "panel without a label": "{{ key_figures([{}]) }}",
}


@pytest.mark.parametrize("name", NOT_THERE)
def test_template_that_is_wrong_gives_a_problem_at_its_file(name: str) -> None:
    _, problems = run(NOT_THERE[name])
    assert len(problems) == 1, [str(problem) for problem in problems]
    assert problems[0].severity == "error"
    assert problems[0].place.file == FILE
    assert "object at 0x" not in str(problems[0]) and "<class" not in str(problems[0])


UNPRINTABLE = ("risks", "table", "range(3)", "{'a': 1}", "[1]|map('string')", "[[1]]", "col('x')", "namespace()")


@pytest.mark.parametrize("value", UNPRINTABLE)
def test_value_without_words_is_not_printed_as_python_would(value: str) -> None:
    blocks, problems = run(f"{{{{ {value} }}}}")
    assert blocks == ()
    assert codes(problems) == ["DB352"]
    assert "cannot be printed" in problems[0].message


GROW = "{% set n = namespace(x='a') %}{% for i in range(60) %}"
GREEDY = {
    "loops": "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
    "loops that print nothing": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "macros": "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(60) }}",
    "text put together": GROW + "{% set n.x = n.x ~ n.x %}{% endfor %}",
    "text added": GROW + "{% set n.x = n.x + n.x %}{% endfor %}",
    "text joined": GROW + "{% set n.x = [n.x, n.x]|join(n.x) %}{% endfor %}",
    "text replaced": GROW + "{% set n.x = (n.x ~ 'a')|replace('a', n.x) %}{% endfor %}",
    "text captured": GROW + "{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "list added": GROW.replace("'a'", "[1]") + "{% set n.x = n.x + n.x %}{% endfor %}",
    "lists kept": GROW.replace("60", "9999") + "{% set n.x = [n.x, range(9999)|list] %}{% endfor %}",
    "number squared": "{% set n = namespace(x=9) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "template in itself": "{% include 'twice.md.j2' %}",
}  # fmt: skip


@pytest.mark.parametrize("name", GREEDY)
def test_template_that_grows_without_end_is_stopped(name: str) -> None:
    twice = "{% if 1 %}{% for i in [1, 2] %}x{% endfor %}{% endif %}" + "{% include 'twice.md.j2' %}" * 2
    _, problems = run(GREEDY[name], {"templates/twice.md.j2": twice})
    assert len(problems) == 1
    assert problems[0].code in ("DB354", "DB355", "DB352")
    assert problems[0].place.line == 1
    assert any(word in problems[0].message for word in ("too much", "grows", "nested too deeply"))


def test_long_but_honest_loop_is_not_stopped() -> None:
    blocks, problems = run("{% for i in range(9000) %}{{ i }} {% endfor %}")
    assert problems == []
    assert sketch(blocks)[0].endswith("8,999")


def test_budget_is_one_documents_and_not_the_next_ones() -> None:
    for _ in range(12):
        assert run("{% for i in range(90000) %}{% endfor %}")[1] == []


def test_ordinary_template_works_as_in_jinja() -> None:
    text = (
        "{% set n = namespace(total=0) %}{% for r in risks if r.level > 3 %}{% set n.total = n.total + r.level %}"
        "{{ loop.index }}/{{ loop.length }}{% if not loop.last %}, {% endif %}{% endfor %} = {{ n.total }}; "
        "{{ risks|map(attribute='id')|join(' and ') }}; {{ risks|length }}; {{ risks['R-01'].title|upper }}; "
        "{{ risks|sum(attribute='level') }}; {{ risks[0].id }}; {{ project.end.year + 1 }}; {{ 7 % 4 }}; "
        "{{ 2.5|round(1) }}; "
        "{{ (risks|sort(attribute='level')|first).id }}; {{ 'a-b'|replace('-', '+') }}; {{ none or 'no' }}; "
        "{{ nothing|default('none') }}; "
        "{% for g in risks|groupby('level') %}{{ g.grouper }}:{{ g.list|length }} {% endfor %}"
    )
    blocks, problems = run(text)
    assert problems == []
    assert sketch(blocks) == [
        "p: 1/2, 2/2 = 20; R-01 and R-02; 2; DATA ARE POOR; 20; R-01; 2,027; 3; 2.5; R-02; a+b; no; none; 4:1 16:1"
    ]


def test_every_undefined_name_that_is_printed_is_told_of_at_its_line_with_the_nearest_name() -> None:
    text = "{{ project.nme }}\n\n{{ projet }}\n\nx {{ risks['R-1'].title }}"
    _, problems = run(text)
    assert [(p.code, p.place.line) for p in problems] == [("DB351", 1), ("DB351", 3), ("DB351", 5)]
    assert [p.hint for p in problems] == ["did you mean `name`?", "did you mean `project`?", "did you mean `R-01`?"]
    assert [p.message for p in problems[:2]] == ["`project` has no `nme`", "`projet` is not defined"]
    assert "R-1" in problems[2].message


USES = {
    "filter": "{{ project.nme|money }}",
    "condition": "{% if project.nme %}{% endif %}",
    "loop": "{% for a in project.nme %}{% endfor %}",
    "comparison": "{{ project.nme == 1 }}",
    "arithmetic": "{{ project.nme + 1 }}",
    "put together": "{{ project.nme ~ 'x' }}",
    "argument": "{{ label(project.nme) }}",
    "named argument": "{{ heading('x', id=project.nme) }}",
    "mapping": "{{ title_block('x', facts={'a': project.nme}) }}",
    "attribute": "{{ project.nme.name }}",
    "inside text": "{{ [project.nme]|join(', ') }}",
}


@pytest.mark.parametrize("name", USES)
def test_undefined_name_is_told_of_wherever_it_is_used(name: str) -> None:
    _, problems = run("\n" + USES[name])
    assert [(p.code, p.place, p.hint) for p in problems] == [("DB351", Place(FILE, 2), "did you mean `name`?")]


def test_template_without_the_asked_for_name_knows_what_is_there() -> None:
    _, problems = run("{% include '../../etc/passwd' %}")
    assert [(p.code, p.place.line) for p in problems] == [("DB353", 1)]
    _, problems = run("{% include '/etc/passwd' %}{% import 'nothing' as n %}")
    assert codes(problems) == ["DB353"]


def test_included_template_is_noted_as_a_source_and_its_faults_stand_in_it() -> None:
    files = {"templates/part.md.j2": "one\n\n{{ project.nme }}", "templates/other.md.j2": "x"}
    page = make_page(files)
    templates = {path: page.door.snapshot.read(path) for path in page.door.snapshot.paths("templates/")}
    environment = make_environment(page, Words("en"), templates, {"project": RISKS["R-01"]})
    run_template(environment, "{% include 'part.md.j2' %}", FILE, 1, page)
    assert page.door.seen == {"templates/part.md.j2"}
    assert [p.place for p in page.problems] == [Place("templates/part.md.j2", 3)]


def test_private_names_of_another_template_stay_private() -> None:
    files = {
        "templates/part.md.j2": "{% macro _hidden() %}a{% endmacro %}{% macro open() %}b{% endmacro %}{% set _x = 1 %}"
    }
    blocks, problems = run("{% import 'part.md.j2' as part %}{{ part.open() }}", files)
    assert (sketch(blocks), problems) == (["p: b"], [])
    for text in ("{{ part._hidden() }}", "{{ part._x }}", "{{ part.__class__ }}"):
        _, problems = run("{% import 'part.md.j2' as part %}" + text, files)
        assert len(problems) == 1


def test_template_that_is_not_utf8_is_told_of() -> None:
    _, problems = run("{% include 'part.md.j2' %}", {"templates/part.md.j2": b"caf\xe9"})
    assert [problem.place.file for problem in problems] == ["templates/part.md.j2"]


def test_dash_at_the_start_of_a_text_eats_none_of_its_words() -> None:
    page = make_page()
    environment = make_environment(page, Words("en"), {}, {})
    for first in (1, 2, 9):
        assert run_template(environment, "{%- set a = 1 %}\nHello {{ a }}", FILE, first, page) is not None
        made = run_template(environment, "{%- set a = 1 -%}\nHello world", FILE, first, page)
        assert made is not None
        assert drop_marks(made).strip("\n") == "Hello world"
    assert page.problems == []


def test_braces_with_a_hash_are_an_id_in_prose_and_a_comment_in_a_template() -> None:
    blocks, problems = run("# T {#here}\n\n[a](#here){.b}", prose=True)
    assert (sketch(blocks)[0], problems) == ("h1#here: T", [])
    blocks, problems = run("a{# not shown #}b")
    assert (sketch(blocks), problems) == (["p: ab"], [])


def test_of_hundreds_of_names_that_are_not_there_it_is_said_that_some_are_not_listed() -> None:
    _, problems = run("".join(f"{{{{ nope{number} }}}}\n" for number in range(300)))
    assert codes(problems).count("DB351") == 200 and codes(problems).count("DB336") == 1


def test_a_sort_pays_for_each_of_its_keys() -> None:
    """Jinja parts the keys at commas; each is compared."""
    spent = []
    for keys in ("title", "title,title,title"):
        page = make_page()
        words = Words("en", "EUR")
        rows = [{"title": "x" * 500} for _ in range(200)]
        environment = make_environment(page, words, {}, {"rows": rows})
        run_template(environment, f"{{{{ (rows | sort(attribute='{keys}')) | length }}}}", "x.md", 1, page)
        spent.append(MOST - page.budget.left)
    assert spent[1] > 2 * spent[0]
