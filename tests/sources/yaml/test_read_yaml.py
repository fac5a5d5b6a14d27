"""Take YAML right and wrong; read it; hold values to YAML 1.2, problems to their line, all to never raising."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.problems import Place, Problem
from pipeline.sources.yaml.file import YamlFile, read_yaml


def read(text: str) -> YamlFile:
    return read_yaml("a.yaml", text.encode())


def value(text: str) -> Any:
    file = read(text)
    assert file.problems == ()
    return file.value


def problem(text: str) -> Problem:
    problems = read(text).problems
    assert len(problems) == 1, problems
    assert problems[0].message
    assert problems[0].hint
    return problems[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("012", 12),
        ("-7", -7),
        ("+7", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1:30", "1:30"),
        ("9:30:00", "9:30:00"),
        ("1_000", "1_000"),
        ("1,000", "1,000"),
        ("1e3", Decimal("1e3")),
        ("-.5", Decimal("-0.5")),
        ("12.", Decimal(12)),
        (".", "."),
        ("-", [None]),
        ("--", "--"),
        ("1.2.3", "1.2.3"),
        ("2026-09-30", date(2026, 9, 30)),
        ("2026-9-30", "2026-9-30"),
        ("2026-09", "2026-09"),
        ("2026-09-30T10:00:00Z", "2026-09-30T10:00:00Z"),
        ("2026-09-30 10:00", "2026-09-30 10:00"),
        ('"2026-09-30"', "2026-09-30"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("=", "="),
        ("T01 FS+3", "T01 FS+3"),
        ("|\n  12\n", "12\n"),
        (">-\n  no\n  more\n", "no more"),
        ("\u0661\u0662", "\u0661\u0662"),
    ],
)
def test_scalars_follow_the_core_rules_of_yaml_1_2(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_amounts_keep_every_digit_that_was_written() -> None:
    found = value("amount: 120000.10")["amount"]
    assert (str(found), found * 3) == ("120000.10", Decimal("360000.30"))


def test_keys_are_resolved_like_values() -> None:
    assert value("years: {2026: 1, no: 2, '2027': 3}") == {"years": {2026: 1, "no": 2, "2027": 3}}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\n\n", "\ufeff"])
def test_empty_file_is_none_without_a_problem(text: str) -> None:
    assert value(text) is None


def test_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    file = read_yaml("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n")
    assert file.value == {"a": 1, "b": "x\ny\n"}
    assert file.place(("b",)) == Place("a.yaml", 2, 4)


def test_duplicate_key_is_reported_with_its_line_and_the_first_one_kept() -> None:
    file = read("risks:\n  - id: R-01\n    title: A\n    title: B\n")
    assert [str(found) for found in file.problems] == ["a.yaml:4:5: error DB132: `title` is given twice in this record"]
    assert "line 3" in file.problems[0].hint
    assert file.value == {"risks": [{"id": "R-01", "title": "A"}]}


def test_keys_that_mean_the_same_are_duplicates() -> None:
    assert problem("{12: a, 012: b}").code == "DB132"


def test_all_problems_of_a_file_are_reported_at_once() -> None:
    file = read("a: 2026-02-30\na: 1\nb: !x 1\n<<: 2\n")
    assert [(found.code, found.place.line) for found in file.problems] == [
        ("DB140", 1),
        ("DB132", 2),
        ("DB136", 3),
        ("DB134", 4),
    ]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 2026-02-30", "DB140", "1:4"),
        ("a: 0000-01-01", "DB140", "1:4"),
        ("a: .nan", "DB142", "1:4"),
        ("a: -.inf", "DB142", "1:4"),
        ("a: 1e999999999", "DB142", "1:4"),
        ("a: " + "9" * 5000, "DB142", "1:4"),
        ("a: 1\n<<: {b: 2}", "DB134", "2:1"),
        ("a: {{ name }}", "DB135", "1:5"),
        ("? [a, b]\n: c", "DB135", "1:3"),
        ("a: &x 1\n*x : 2", "DB135", "2:1"),
        ("a: 1\n~: 2", "DB135", "2:1"),
        ("a: !!python/object/apply:os.system [ls]", "DB136", "1:4"),
        ("a: !important", "DB136", "1:4"),
        ("a: !!set {b}", "DB136", "1:4"),
        ("a: 1\n---\nb: 2\n", "DB137", "2:1"),
        ("a: &x [1]\nb: &y [*x]\nc: *y\n", "DB133", "3:4"),
        ("a: &x [*x]\n", "DB131", "1:8"),
        ("a: *nobody\n", "DB131", "1:4"),
        ("a: &x 1\nb: &x 2", "DB131", "2:4"),
        ("a: x\0y", "DB141", "1:5"),
        ("a: b\n\x07: c", "DB141", "2:1"),
        ("a: x\u2028y", "DB141", "1:5"),
        ("a: x\ufeffy", "DB141", "1:5"),
    ],
)
def test_what_is_refused_is_reported_with_its_place(text: str, code: str, place: str) -> None:
    found = problem(text)
    assert (found.code, str(found.place)) == (code, f"a.yaml:{place}")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("name:Atlas\ntitle: B\n", 1, "put a space after the colon"),
        ("a:\n  - id: A\n  -id: B\n", 3, "after the dash"),
        ("a: 1\ntitle: Records: the platform\n", 2, '"quotes": it holds a colon'),
        ("a:\n\tb: 1\n", 2, "tabs"),
        ("a:\n  b: 1\n\tc: 2\n", 3, "tabs"),
        ("a: @ilse\n", 1, "cannot begin with `@`"),
        ("a: `code`\n", 1, "backtick"),
        ("a: %5\n", 1, "`%`"),
        ("a: **bold**\n", 1, "asterisk"),
        ("- * item\n", 1, "asterisk"),
        ("a: & more\n", 1, "`&`"),
        ("a: {draft} text\n", 1, "brace"),
        ("a: [draft] text\n", 1, "bracket"),
        ("a: “one: two”\n", 1, "curly quotes"),
        ("a: 'it's'\n", 1, "apostrophe"),
        ('a: "one" two\n', 1, "not only its beginning"),
        ('a: "C:\\dir"\n', 1, "backslash"),
        ("a: | text\n", 1, "next line"),
        ("a: - b\n", 1, "next line"),
        ("a: b\n c: d\n", 2, "same column"),
        ("a:\n  b: 1\n c: 2\n", 3, "same column"),
        ("a: [1, 2\nb: 3\n", 2, "close it"),
        ('x: 1\na: "open\nb: 3\n', 2, "close it"),
    ],
)
def test_common_slip_gets_its_line_and_a_hint(text: str, line: int, hint: str) -> None:
    found = problem(text)
    assert (found.code, found.place.line) == ("DB131", line)
    assert hint in found.hint
    for jargon in ("token", "scanning", "mapping", "scalar", "block"):
        assert jargon not in found.message + found.hint


def test_file_with_countless_problems_lists_a_hundred_and_says_so() -> None:
    problems = read("- 2026-02-30\n" * 5000).problems
    assert [found.code for found in problems] == ["DB140"] * 100 + ["DB145"]
    assert len(read("- 2026-02-30\n" * 100).problems) == 100


def test_few_aliases_are_taken_and_many_refused() -> None:
    assert value("a: &x [1]\n" + "".join(f"k{n}: *x\n" for n in range(20)))["k19"] == [1]
    assert problem("a: &x [1]\n" + "".join(f"k{n}: *x\n" for n in range(21))).code == "DB133"


def test_aliases_of_aliases_never_grow() -> None:
    bomb = "a: &a [x,x,x]\n" + "".join(f"{b}: &{b} [*{a},*{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
    assert problem(bomb).code == "DB133"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_depth_that_would_crash_the_parser_is_refused(opening: str) -> None:
    found = problem(opening * 100_000)
    assert found.code == "DB139"
    assert read(opening * 100_000).place((0, 0)) == Place("a.yaml")


def test_fifty_levels_are_taken() -> None:
    assert value("[" * 50 + "]" * 50)
    assert problem("[" * 51 + "]" * 51).code == "DB139"


def test_large_file_is_refused() -> None:
    assert problem("# " + "x" * 5_000_000).code == "DB138"


def test_byte_that_is_not_utf_8_is_reported_with_its_line() -> None:
    found = read_yaml("a.yaml", b"a: 1\r\nname: caf\xe9\r\n").problems
    assert [(p.code, str(p.place)) for p in found] == [("DB130", "a.yaml:2:10")]
    assert "UTF-8" in found[0].hint


def test_utf_16_is_reported_and_not_guessed() -> None:
    assert read_yaml("a.yaml", "a: 1".encode("utf-16")).problems[0].code == "DB130"


def test_place_points_to_value_and_key() -> None:
    file = read("risks:\n  - id: R-01\n    due: 2026-01-01\n  - {id: R-02, due: x}\nyears:\n  2026: 5\n  '2027': 6\n")
    assert file.place(("risks", 0, "due")) == Place("a.yaml", 3, 10)
    assert file.place(("risks", 0, "due"), key=True) == Place("a.yaml", 3, 5)
    assert file.place(("risks", 1, "due")) == Place("a.yaml", 4, 21)
    assert file.place(("risks", 1)) == Place("a.yaml", 4, 5)
    assert file.place(("years", 2026)) == Place("a.yaml", 6, 9)
    assert file.place(("years", "2026"), key=True) == Place("a.yaml", 6, 3)
    assert file.place(("years", "2027")) == Place("a.yaml", 7, 11)
    assert file.place(()) == Place("a.yaml", 1, 1)


def test_place_of_what_is_missing_is_the_nearest_around_it() -> None:
    file = read("risks:\n  - id: R-01\n    due: 2026-01-01\n")
    assert file.place(("risks", 0, "owner")) == Place("a.yaml", 2, 5)
    assert file.place(("risks", 7, "owner")) == Place("a.yaml", 2, 3)
    assert file.place(("risks", 0, "due", "deeper")) == Place("a.yaml", 3, 10)
    assert file.place(("risks", 0, "owner"), key=True) == Place("a.yaml", 2, 5)
    assert read("").place(("a",)) == Place("a.yaml")


def test_place_follows_aliases() -> None:
    assert read("a: &x {n: 1}\nb: *x\n").place(("b", "n")) == Place("a.yaml", 1, 11)


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_value_or_problems_and_never_raise(data: bytes) -> None:
    file = read_yaml("a.yaml", data)
    assert file.value is None or not file.problems or isinstance(file.problems, tuple)
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(0 <= found.place.line <= lines for found in file.problems)
    file.place(("a", 0, "b"))


SIGNS = (
    "a",
    "b:",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&x ",
    "*x",
    "!t ",
    "!!str ",
    "'",
    '"',
    "#",
    ">",
    "? ",
    "<<: ",
)
BREAKS = ("\n", "\n  ", "\n    ", "|\n", "---\n", "...\n", "\r\n", "\t", "%", "@", "`", "12", "2026-02-30", "\\", "“")
YAMLISH = st.lists(st.sampled_from(SIGNS + BREAKS), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(YAMLISH)
def test_text_that_is_nearly_yaml_never_raises(text: str) -> None:
    file = read(text)
    lines = text.replace("\r\n", "\n").count("\n") + 1
    for found in file.problems:
        assert 1 <= found.place.line <= lines
        assert found.hint
    file.place(("a", 0))


PRINTABLE = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"),
    max_size=30,
)
NUMBERS = st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, allow_nan=False, places=2)
SCALARS = PRINTABLE | NUMBERS | st.booleans() | st.none() | st.dates(date(1, 1, 1))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PRINTABLE, inner, max_size=4),
    max_leaves=20,
)


def dump(found: Any, indent: str = "") -> str:
    """Write a value as YAML 1.2 with every text in double quotes."""
    if isinstance(found, dict) and found:
        return "".join(f"\n{indent}{dump(key)}: {dump(item, indent + '  ')}" for key, item in found.items())
    if isinstance(found, list) and found:
        return "".join(f"\n{indent}- {dump(item, indent + '  ')}" for item in found)
    if isinstance(found, str):
        return '"' + found.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(found, date):
        return found.isoformat()
    if found is None or isinstance(found, bool):
        return {None: "null", True: "true", False: "false"}[found]
    return str(found)


def paths(found: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [path, *(deeper for key, item in inner for deeper in paths(item, (*path, key)))]


@settings(deadline=None)
@given(VALUES)
def test_values_come_back_as_they_were_written(found: Any) -> None:
    text = dump(found)
    file = read(text)
    assert file.problems == ()
    assert file.value == found


@settings(deadline=None)
@given(VALUES)
def test_every_place_is_in_the_file_and_where_the_value_is(found: Any) -> None:
    text = dump(found)
    file = read(text)
    lines = text.split("\n")
    for path in paths(found):
        for key in (False, True):
            place = file.place(path, key=key)
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        if path and isinstance(path[-1], str):
            assert lines[place.line - 1][place.column - 1 :].startswith(dump(path[-1]))
