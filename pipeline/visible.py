"""Take text that strangers may have written; give it so that a reader sees all of it and a terminal obeys none of it.

All that is printed or logged passes here. It imports nothing, since the fast path needs it too.
"""

from __future__ import annotations

# Python takes these for printable, and yet nobody sees them: joiners, fillers, blanks, selectors of variants.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}


def show(text: str) -> str:
    r"""Return text as one line: what steers, turns or hides text stands there as an escape, `\x1b` or `\u202e`.

    That are controls, line ends, marks of direction, characters without a picture, and halves of characters.
    """
    if _is_plain(text):
        return text
    return "".join(char if _is_seen(char) else ascii(char)[1:-1] for char in text)


def show_lines(text: str) -> str:
    """Return text that has several lines, each as `show` gives it; tabs stay."""
    return "\n".join("\t".join(map(show, line.split("\t"))) for line in text.split("\n"))


def show_json(text: str) -> str:
    r"""Return JSON that says the same, with a `\u` escape for what `show` would not let through."""
    return "\n".join(map(_show_json_line, text.split("\n")))


def _show_json_line(line: str) -> str:
    if _is_plain(line):
        return line
    return "".join(char if _is_seen(char) else _escape(char) for char in line)


def _is_plain(text: str) -> bool:
    return text.isprintable() and (text.isascii() or _UNSEEN.isdisjoint(text))


def _is_seen(char: str) -> bool:
    if char.isprintable():
        return char not in _UNSEEN
    return char.isspace() and char >= "\xa0" and char not in "\u2028\u2029"  # the spaces of printers


def _escape(char: str) -> str:
    data = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[at]:02x}{data[at + 1]:02x}" for at in range(0, len(data), 2))
