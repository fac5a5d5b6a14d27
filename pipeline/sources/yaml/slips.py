"""Take what the YAML parser could not read, and the lines around it; find the likely slip; give message and hint."""

from __future__ import annotations

import re
from collections.abc import Sequence

QUOTE = 'put the whole text in "quotes"'

NO_SPACE_COLON = (r"^\s*(?:- +)*[^\s\"'#:-][^\s\"'#:]*:[^\s:/]", "put a space after the colon")
NO_SPACE_DASH = (r"^\s*-[^\s\"'#-]", "put a space after the dash")


def _rows(*rows: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), hint) for pattern, hint in rows)


# A slip that can be seen in the line itself → hint. The first row that matches is used.
SLIPS = _rows(
    (r"^ *\t", "indent with spaces: YAML does not take tabs"),
    (r"\{\{|\{%", f"{QUOTE}: an unquoted brace begins a list of keys"),
    (r"[“”„‟«»‘’‚].*: ", 'curly quotes do not quote in YAML: use straight ones, "like this"'),
    (r"[:-] +[@`%]", f"{QUOTE}: it cannot begin with `@`, a backtick or `%`"),
    (r"[:-] +\*", f"{QUOTE}: an asterisk at the beginning has another meaning in YAML"),
    (r"[:-] +&", f"{QUOTE}: `&` at the beginning has another meaning in YAML"),
    (r"[:-] +!", f"{QUOTE}: `!` at the beginning has another meaning in YAML"),
    (r"[:-] +[|>] *[^ 0-9+#-]", f"begin the text on the next line, indented; or {QUOTE}"),
    (r"[:-] +\[[^\]]*\] *[^ ,#\]}]", f"{QUOTE}: a bracket at the beginning begins a list"),
    (r"[:-] +\{[^}]*\} *[^ ,#\]}]", f"{QUOTE}: a brace at the beginning begins a list of keys"),
    (r"[:-] +'(?:[^']|'')*'[^ ,#\]}]", 'quote with "…" a text that holds an apostrophe'),
    (r"[:-] +\"(?:[^\"\\]|\\.)*\" *[^ ,#\]}]", f"{QUOTE}, not only its beginning"),
    (r"[:-] +\"[^\"]*\\[^\"]*\"", "in \"quotes\" a backslash is special: write it twice, or use 'single quotes'"),
    NO_SPACE_COLON,
    NO_SPACE_DASH,
    (r"^\s*(?:- +)*[^\s\"'#-][^\"'#:]*: +- ", "begin the list on the next line, each entry after a dash"),
    (r"^\s*(?:- +)*[^\s\"'#-][^\"'#:]*: +[^\"'\s#].*:(?: |$)", f"{QUOTE}: it holds a colon followed by a space"),
)

# Slips that libyaml only notices on the line after them.
SLIPS_ABOVE = _rows(NO_SPACE_COLON, NO_SPACE_DASH)

# What libyaml says → what a person should read. The first row that is part of it is used.
MESSAGES = (
    ("unexpected end of stream", "the quote that begins here is never closed"),
    ("found undefined alias", "the text begins with `*`, which in YAML points to a name that is not there"),
    ("while scanning an alias", "the text begins with `*`, which has another meaning in YAML"),
    ("while scanning an anchor", "the text begins with `&`, which has another meaning in YAML"),
    ("duplicate anchor", "two places in this file have the same `&` name"),
    ("unknown escape character", "this backslash stands before a character that it cannot stand before"),
    ("expected ',' or ']'", "a list that begins with `[` is not closed"),
    ("expected ',' or '}'", "keys that begin with `{` are not closed"),
    ("cannot start any token", "a tab, or a character that no unquoted text can begin with"),
    ("block sequence entries are not allowed", "a list cannot begin on this line"),
    ("could not find expected ':'", "this line has no `key: value`"),
    ("mapping values are not allowed", "a second `key: value` on this line, or an indentation that does not fit"),
    ("expected '-' indicator", "this line does not belong to the list above it"),
    ("did not find expected key", "this line does not fit the lines before it"),
    ("block scalar", "after `|` or `>` the text begins on the next line"),
    ("directive", "a line cannot begin with `%`"),
    ("incompatible yaml document", "this is another version of YAML than 1.2"),
    ("expected <document start>", "something stands after the end of the document"),
)

HINTS = (
    ("never closed", "close it with the same quote"),
    ("points to a name", QUOTE),
    ("another meaning", QUOTE),
    ("no unquoted text", QUOTE),
    ("not closed", "close it, or put the text in quotes"),
    ("does not", "entries of one list, and keys of one record, begin in the same column"),
    ("indentation", "keys of one record begin in the same column; a text with a colon needs quotes"),
)


def explain(said: str, lines: Sequence[str], line: int) -> tuple[str, str, int]:
    """Return message, hint, and how many lines further up the slip is, for what libyaml says of a line (from 1)."""
    message = _find_message(said)
    here, above = _line(lines, line), _line(lines, line - 1)
    for pattern, hint in SLIPS:
        if pattern.search(here):
            return message, hint, 0
    for pattern, hint in SLIPS_ABOVE:
        if pattern.search(above):
            return "this line has no `key: value`", hint, 1
    return message, _find_hint(message), 0


def _find_message(said: str) -> str:
    low = said.lower()
    return next((message for part, message in MESSAGES if part in low), "this cannot be read as YAML")


def _find_hint(message: str) -> str:
    return next((hint for part, hint in HINTS if part in message), "look at the colons, dashes and quotes near it")


def _line(lines: Sequence[str], number: int) -> str:
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    return "" if text.lstrip().startswith("#") else text[:1000]
