"""Take templates that grow in every way that there is; run them in a child with little memory; see them stopped."""

# ruff: noqa: E501  # an attack is read best on one line

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from render_work import FILE, NAMES, make_page

from pipeline.problems import Problem
from pipeline.render.markdown import read_blocks
from pipeline.render.page import MOST_NOTED
from pipeline.render.templates.budget import MOST, MOST_SHOWN, Budget, TooMuch
from pipeline.render.templates.environment import make_environment, run_template
from pipeline.render.templates.functions import Functions
from pipeline.render.templates.islands import Islands
from pipeline.render.words import Words

GROW = "{% set n = namespace(x='a', y='a', l=[1, 2], t=(1, 2), d={}) %}{% for i in range(999) %}"
BIG = "{% set n = namespace(x='ab ') %}{% for i in range(13) %}{% set n.x = n.x ~ n.x %}{% endfor %}"
NEST = "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% set n.y = [n.y, n.y] %}{% endfor %}"
ROWS = "{% set n = namespace(r=[project]) %}{% for i in range(19) %}{% set n.r = n.r + n.r %}{% endfor %}"


def _loop(what: str, start: str = GROW) -> str:
    return f"{start}{{% set n.x = {what} %}}{{% endfor %}}{{{{ n.x }}}}"


GREEDY = {
    "gettext width": "{{ _('%(a)99999999s', a=1) }}",
    "gettext precision": "{{ _('%(a).99999999f', a=1) }}",
    "gettext star": "{{ _('%*d', a=1) }}",
    "gettext growing": _loop("_('%(a)s%(a)s', a=n.x)"),
    "list of itself": _loop("[n.x, n.x]"),
    "list literals kept": "{% set n = namespace(x=1) %}{% for i in range(900000) %}{% set n.x = [n.x, " + "[1,2,3]," * 50 + "] %}{% endfor %}",
    "mappings kept": "{% set n = namespace(x=1) %}{% for i in range(900000) %}{% set n.x = {'a': n.x, " + "".join(f"'{i}': {{}}, " for i in range(99)) + "} %}{% endfor %}",
    "nested lists compared": NEST + "{{ n.x == n.y }}",
    "nested lists ordered": NEST + "{{ n.x < n.y }}",
    "nested lists looked for": NEST + "{{ n.x in [n.y] }}",
    "nested lists by test": NEST + "{{ n.x is eq(n.y) }}",
    "nested lists selected": NEST + "{{ [n.x]|select('eq', n.y)|list }}",
    "nested lists sorted": NEST + "{{ [n.x, n.y]|sort|length }}",
    "nested lists greatest": NEST + "{{ [n.x, n.y]|max|length }}",
    "nested lists unique": NEST + "{{ [n.x, n.y]|unique|list }}",
    "nested lists counted": NEST + "{{ [n.x].count(n.y) }}",
    "nested lists in a text": NEST + "{{ n.x|lower }}",
    "nested lists as titles": NEST + "{{ n.x|title }}",
    "nested lists joined": NEST + "{{ n.x|join }}",
    "nested lists printed": NEST + "{{ n.x }}",
    "nested lists trimmed": NEST + "{{ n.x|trim }}",
    "nested lists told of": NEST + "{{ label(n.x) }}",
    "nested lists in a chart": NEST + "{{ chart({'mark': 'bar', 'data': {'values': n.x}}, alt='x') }}",
    "nested tuples as keys": NEST.replace("[n.x, n.x]", "(n.x, n.x)").replace("[1]", "(1,)") + "{{ {n.x: 1}|length }}",
    "nested tuples looked up": NEST.replace("[n.x, n.x]", "(n.x, n.x)").replace("[1]", "(1,)") + "{{ {}[n.x] }}",
    "blocks within blocks": "{% set n = namespace(x=label('a')) %}{% for i in range(99) %}{% set n.x = label(n.x ~ n.x) %}{% endfor %}{{ n.x }}",
    "one table many times": "{% set t = table(range(2000)|map('string')|list, [col('a', 'b')] * 1) if false else bullets(range(2000)) %}{% for i in range(99999) %}{{ t }}\n\n{% endfor %}",
    "upper": BIG + "{% for i in range(99999) %}{% set a = n.x|upper %}{% endfor %}",
    "lower": BIG + "{% for i in range(99999) %}{% set a = n.x|lower %}{% endfor %}",
    "title": BIG + "{% for i in range(99999) %}{% set a = n.x|title %}{% endfor %}",
    "capitalize": BIG + "{% for i in range(99999) %}{% set a = n.x|capitalize %}{% endfor %}",
    "trim": BIG + "{% for i in range(99999) %}{% set a = n.x|trim('b') %}{% endfor %}",
    "upper of methods": BIG + "{% for i in range(99999) %}{% set a = n.x.upper() %}{% endfor %}",
    "title of methods": BIG + "{% for i in range(99999) %}{% set a = n.x.title() %}{% endfor %}",
    "split": BIG + "{% for i in range(99999) %}{% set a = n.x.split() %}{% endfor %}",
    "texts compared": BIG + "{% set m = n.x ~ '' %}{% for i in range(999999) %}{% set a = m == n.x %}{% endfor %}",
    "texts looked for": BIG + "{% for i in range(999999) %}{% set a = 'zz' in n.x %}{% endfor %}",
    "reversed": BIG + "{% for i in range(99999) %}{% set a = n.x|reverse %}{% endfor %}",
    "letters": BIG + "{% for i in range(99999) %}{% set a = n.x|list %}{% endfor %}",
    "letters joined": BIG + "{% for i in range(99999) %}{% set a = n.x|join %}{% endfor %}",
    "slices": BIG + "{% for i in range(99999) %}{% set a = n.x[::-1] %}{% endfor %}",
    "slices of lists": "{% set a = range(99999)|list %}{% for i in range(99999) %}{% set b = a[1:] %}{% endfor %}",
    "filter of a loop": "{% set a = range(99999)|list %}{% for i in range(99999) %}{% for j in a if false %}{% endfor %}{% endfor %}",
    "selecting nothing": "{% set a = range(99999)|list %}{% for i in range(99999) %}{% set b = a|select('none')|list %}{% endfor %}",
    "mapped": "{% set a = range(99999)|list %}{% for i in range(99999) %}{{ a|map('string')|last }}{% endfor %}",
    "sorted": ROWS + "{% for i in range(99) %}{{ n.r|sort(attribute='name')|first }}{% endfor %}",
    "grouped": ROWS + "{% for i in range(99) %}{{ n.r|groupby('name')|length }}{% endfor %}",
    "numbers of any base": "{{ ('f' * 1)|int(0, 16) }}" + BIG.replace("ab ", "ff") + "{{ n.x|int(0, 16) * n.x|int(0, 16) }}",
    "numbers added": "{% set n = namespace(x=1) %}{% for i in range(99999) %}{% set n.x = n.x + n.x %}{% endfor %}{{ n.x }}",
    "numbers subtracted": "{% set n = namespace(x=1) %}{% for i in range(99999) %}{% set n.x = n.x - (0 - n.x) %}{% endfor %}{{ n.x }}",
    "undefined names without end": "{% for i in range(999999) %}{{ nme ~ i }}{{ projet }}{% endfor %}",
    "undefined fields without end": "{% for i in range(999999) %}{{ projet }}{% endfor %}",
    "contents lists": "{{ toc() }}\n\n" * 99,
    "calls within calls": "{% macro f() %}{{ caller() }}{{ caller() }}{% endmacro %}" + "{% call f() %}" * 60 + "x" + "{% endcall %}" * 60,
    "blocks shown again": "{% block a %}x{{ self.a() }}{{ self.a() }}{% endblock %}",
    "captured": GROW + "{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "filtered blocks": GROW + "{% set n.x %}{% filter upper %}{{ n.x }}{{ n.x }}{% endfilter %}{% endset %}{% endfor %}",
    "included again": "{% for i in range(999999) %}{% include 'part.md.j2' %}{% endfor %}",
    "extended by itself": "{% extends 'self.md.j2' %}",
    "imported by itself": "{% import 'selfi.md.j2' as a %}",
    "many values": "{{ project }} " * 40_000,
    "one long list": "{{ [" + "1," * 99_999 + "] }}",
    "a megabyte of braces": "{{" * 500_000,
    "a megabyte of text": "x" * 1_000_001,
    "deep brackets": "{{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}",
    "deep lists": "{{ " + "[" * 20_000 + "]" * 20_000 + " }}",
    "deep conditions": "{% if 1 %}" * 9_000 + "{% endif %}" * 9_000,
    "long sum": "{{ 1" + "+1" * 40_000 + " }}",
    "long chain": "{{ a" + ".a" * 40_000 + " }}",
    "long filter chain": "{{ 'a'" + "|upper" * 40_000 + " }}",
    "long number": "{{ " + "9" * 100_000 + " }}",
    "many loops in one": "{% for a in b %}" * 5_000,
}  # fmt: skip
FILES = {
    "templates/part.md.j2": "y" * 5000,
    "templates/self.md.j2": "{% extends 'self.md.j2' %}",
    "templates/selfi.md.j2": "{% import 'selfi.md.j2' as a %}",
}
CHILD = """
import json, resource, sys
sys.path[:0] = json.loads(sys.argv[1])
from test_greedy_templates import FILES, GREEDY, run_on_little
resource.setrlimit(resource.RLIMIT_DATA, (900 << 20, 900 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
import time
for name in GREEDY:
    begun = time.process_time()
    problems = run_on_little(GREEDY[name], FILES)
    told = [(one.code, len(str(one)) + len(one.hint), one.place.file, one.place.line) for one in problems]
    print(json.dumps([name, told, round(time.process_time() - begun, 2)]), flush=True)
"""


def run_on_little(text: str, files: dict[str, str] | None = None, share: int = 5) -> list[Problem]:
    """Return the problems of a template that has a fifth of what documents have, so that the test is short."""
    page, words = make_page(files), Words("en")
    page.budget = Budget(MOST // share, MOST_SHOWN // share)
    page.islands = Islands(page.budget)
    templates = {path: page.door.snapshot.read(path) for path in page.door.snapshot.paths("templates/")}
    environment = make_environment(page, words, templates, {**NAMES, **Functions(page, words).names()})
    made = run_template(environment, text, FILE, 1, page)
    if made:
        read_blocks(made, page, FILE, 1, trusted=True)
    return page.problems


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[list[tuple[str, int, str, int]], float]]:
    """Return what each template was told, in a child that may take 900 MB and two minutes for all of them."""
    here = Path(__file__).parent
    paths = [str(here), str(here.parents[1] / "worlds"), str(here.parents[2])]
    done = subprocess.run(
        [sys.executable, "-P", "-c", CHILD, json.dumps(paths)], capture_output=True, timeout=200, env=os.environ
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [name for name, _, _ in lines] == list(GREEDY), done.stderr[-2000:]
    return {name: (faults, took) for name, faults, took in lines}


def test_every_template_ends_and_none_is_believed(
    told: dict[str, tuple[list[tuple[str, int, str, int]], float]],
) -> None:
    for name, (faults, _) in told.items():
        assert 0 < len(faults) <= MOST_NOTED + 1, name
        assert {code for code, _, _, _ in faults} <= {"DB336", "DB351", "DB352", "DB354", "DB355", "DB356", "DB375"}, (
            name
        )
        assert all(length < 1000 for _, length, _, _ in faults), name
        assert all(file and (line or code == "DB336") for code, _, file, line in faults), name


FILTERS = [
    "upper", "title", "list", "join", "join('-')", "sort", "unique|list", "reverse|list", "first", "last", "length", "string",
    "map('string')|list", "select|list", "replace('a', 'aa')", "max", "min", "sum", "groupby(0)", "int", "round", "dictsort",
    "trim", "capitalize", "default('x')", "abs", "term", "number",
]  # fmt: skip
WORK = st.deferred(
    lambda: st.one_of(
        st.sampled_from(
            ["n.x", "n.y", "n.z", "'ab'", "[1, 2]", "('a', 'b')", "{'k': n.x}", "i", "project.name", "risks"]
        ),
        st.builds("[{}, {}]".format, WORK, WORK),
        st.builds("({} ~ {})".format, WORK, WORK),
        st.builds("({} + {})".format, WORK, WORK),
        st.builds("({} == {})".format, WORK, WORK),
        st.builds("({} in [{}])".format, WORK, WORK),
        st.builds("({}[{}:])".format, WORK, st.integers(-2, 2)),
        st.builds("({}|{})".format, WORK, st.sampled_from(FILTERS)),
        st.builds("({}.{})".format, WORK, st.sampled_from(["upper()", "split()", "items()", "count(1)", "title()"])),
        st.builds("({} if {} else {})".format, WORK, WORK, WORK),
        st.builds("{}({})".format, st.sampled_from(["label", "note", "bullets", "_"]), WORK),
    )
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.tuples(st.sampled_from(["n.x", "n.y", "n.z"]), WORK), min_size=1, max_size=4),
    st.sampled_from([3, 40, 400]),
)
def test_any_composition_of_what_is_allowed_ends_within_its_budget(steps: list[tuple[str, str]], times: int) -> None:
    begin = "{% set n = namespace(x='ab', y=[1, 2], z=3) %}{% for i in range(" + str(times) + ") %}"
    body = "".join(f"{{% set {name} = {value} %}}" for name, value in steps)
    problems = run_on_little(begin + body + "{{ n.x }}\n\n{% endfor %}{{ n.y }} {{ n.z }}", share=50)
    assert len(problems) <= MOST_NOTED + 1
    assert all(len(str(one)) < 1000 and one.place.file == FILE for one in problems)


def test_a_budget_weighs_what_is_held_again_and_again() -> None:
    value: object = [1]
    for _ in range(99):
        value = [value, value]
    with pytest.raises(TooMuch):
        Budget(100_000).weigh(value)
