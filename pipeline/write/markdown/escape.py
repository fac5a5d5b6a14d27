"""Take plain text; put a backslash before what Markdown would take for markup; give text that reads back the same."""

from __future__ import annotations

import re

from pipeline.write.html.context import show

_SPACES = dict.fromkeys(map(ord, "\t\n\r"), " ")
_MARKS = re.compile(r"[\\`*\[\]<{~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w]|\Z)|!\Z")
_START = re.compile(r"(?:#{1,6}(?=\s|\Z)|[-+](?!\w)|=+\s*\Z|:(?!\w)|[>|])")
_COUNT = re.compile(r"(\d+)(?=[.)](?:\s|\Z))")
_NOTE = re.compile(r"^(\[\^\d+\])(?=:)")
_CLOSING = re.compile(r"(?<=\s)(#+\s*)\Z")


def escape(text: str) -> str:
    """Return text of a line with its marks escaped; characters that no document may hold become stand-ins."""
    return _MARKS.sub(r"\\\g<0>", tidy(text))


def tidy(text: str) -> str:
    """Return text of a line as the pages show it: breaks and tabs as spaces, a stand-in for what cannot be shown."""
    return show(text).translate(_SPACES)


def escape_start(line: str) -> str:
    """Return a line of a paragraph that no longer looks like the start of a heading, list, table or the like."""
    line = line.strip(" ")
    if _START.match(line):
        return f"\\{line}"
    return _NOTE.sub(r"\1\\", _COUNT.sub(r"\1\\", line, count=1) if _COUNT.match(line) else line, count=1)


def escape_end(line: str) -> str:
    """Return the words of a heading that no longer end in what would close it."""
    return _CLOSING.sub(r"\\\1", f" {line}")[1:]
