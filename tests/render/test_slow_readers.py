"""Take texts that a careless reader takes hours for; read them in a child with a time limit; see all of them read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from render_work import THEME, codes, make_page, read

from pipeline.problems import Problem, did_you_mean
from pipeline.render.assemble.resolve import resolve
from pipeline.render.charts.labels import shorten, wrap
from pipeline.render.markdown import read_blocks
from pipeline.render.page import MOST_NOTED, Noted
from pipeline.render.words import Words

N = 20_000
TEXTS = {
    "svg openings": "<div>\n" + "<svg " * 80_000,
    "script openings": "<div>\n" + "<script " * 100_000,
    "data without end": "<div>\n" + "<![CDATA[" * (N + 2_000),
    "data without end in a line": "a " + "<![CDATA[" * 10_000,
    "quotation marks": "<div>\n" + '<a "' * 50_000,
    "quotation marks of two kinds": "<div>\n" + "<a \"' " * 50_000,
    "script ends without end": "<div>\n<script>" + "</script" * 50_000,
    "comments without end": "<div>\n" + "<!--" * 50_000,
    "instructions": "<div>\n" + "<?" * 100_000,
    "attributes": "<div>\n<a " + " a= " * 50_000 + ">",
    "soft lines": "a\n" * 40_000,
    "one heading again and again": "# a\n\n" * N,
    "dead anchors": " ".join(f"[a](#x{n})\n\n" for n in range(5_000)),
    "dead links": " ".join(f"[a](x{n}.md)\n\n" for n in range(5_000)),
    "an anchor with a long number": "[a](#a-" + "9" * 5_000 + ")",
    "definitions": "a\n" + ": b\n\n" * 5_000,
    "footnotes in a chain": "[^0]\n\n" + "\n\n".join(f"[^{n}]: x [^{n + 1}]" for n in range(2_000)),
}
CHILD = """
import json, resource, sys
sys.path[:0] = json.loads(sys.argv[1])
from test_slow_readers import TEXTS, read_whole
resource.setrlimit(resource.RLIMIT_DATA, (1500 << 20, 1500 << 20))
for name, text in TEXTS.items():
    print(json.dumps([name, [one.code for one in read_whole(text)]]), flush=True)
"""


def read_whole(text: str) -> list[Problem]:
    """Return the problems of a text that is read and resolved."""
    page = make_page({f"atlas/f{number}.md": "x" for number in range(500)})
    blocks = read_blocks(text, page, "atlas/documents/note.md", 1)
    resolve(blocks, page, Words("en"), THEME)
    return page.problems


def test_every_text_is_read_in_a_minute_and_its_faults_are_counted() -> None:
    here = Path(__file__).parent
    paths = [str(here), str(here.parent / "worlds"), str(here.parents[1])]
    done = subprocess.run(
        [sys.executable, "-P", "-c", CHILD, json.dumps(paths)],
        capture_output=True,
        timeout=90,
        env=os.environ,
    )
    lines = dict(json.loads(line) for line in done.stdout.splitlines())
    assert list(lines) == list(TEXTS), done.stderr[-2000:]
    assert all(len(told) <= MOST_NOTED + 1 for told in lines.values())
    assert "DB336" in lines["dead links"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n\n" + "[" * 20_001, 3),
        ("a\n\n" + "b" * 100_001, 3),
        ("a\n" * 500_001, 500_001),
    ],
    ids=["brackets", "paragraph", "text"],
)
def test_a_text_that_nobody_can_read_is_told_of_at_its_line(text: str, line: int) -> None:
    blocks, problems = read(text)
    assert (blocks, codes(problems)) == ((), ["DB335"])
    assert problems[0].place.line == line


def test_errors_are_kept_however_many_warnings_there_are() -> None:
    noted = Noted()
    noted.extend(Problem("DB322", f"warning {number}", severity="warning") for number in range(5_000))
    noted.append(Problem("DB332", "an error"))
    assert [one.severity for one in noted].count("error") == 1
    assert len(noted) == MOST_NOTED + 2


def test_a_problem_quotes_no_more_than_a_person_reads() -> None:
    problem = Problem("DB999", f"`{'x' * 100_000}` is odd, and {'y' * 100_000}", hint=f"not `{'z' * 10_000}`")
    assert len(problem.message) <= 600
    assert problem.message.startswith("`xxx")
    assert len(problem.hint) < 200


def test_the_nearest_of_very_many_names_is_found_in_time() -> None:
    names = [f"name-{number}" for number in range(100_000)]
    assert did_you_mean("name-500", names).startswith("did you mean")
    assert did_you_mean("x" * 1_000_000, names) == ""


def test_a_label_of_a_megabyte_is_cut_to_its_room() -> None:
    text = "word " * 200_000
    assert shorten(text, 8, 60) == shorten(text[:200], 8, 60)
    assert wrap(text, 8, 60) == wrap(text[:400], 8, 60)
