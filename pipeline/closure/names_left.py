"""Take the texts, messages and paths of a history as it leaves; note where part of a person's name stands; say where.

Who closes the project can look there. The package itself does not tell: whoever gets it would know where to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.closure.name_parts import WORD
from pipeline.closure.pseudonyms import Pseudonyms
from pipeline.problems import Place, Problem
from pipeline.sources.paths import show_path

MOST = 40  # places that are named one by one
CODE = "DB520"
_HINT = "look whether it means the person; reword it there, or let it stand"


@dataclass
class NamesLeft:
    """Where words of names stand; of a file, in the newest of its versions, else that an older one has some."""

    words: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def watch(self, hide: Callable[[bytes], bytes], hidden: Pseudonyms, path: str) -> Callable[[bytes], bytes]:
        """Return what hides names in the versions of a file, and notes what is left."""

        def rewrite(data: bytes) -> bytes:
            news = hide(data)
            left = tuple(hidden.find_left(news.decode("utf-8", "replace")))
            self.words[path] = left
            if left:
                self.before.setdefault(path, left[0][1])
            return news

        return rewrite

    def note_message(self, commit: str, words: bytes, hidden: Pseudonyms) -> None:
        """Note the first word of a name in what a commit or a tag says."""
        for _, word in hidden.find_left(words.decode("utf-8", "replace")):
            self.messages.setdefault(commit, word)

    def note_path(self, path: str, hidden: Pseudonyms) -> None:
        """Note the first word of a name in a path."""
        for _, word in hidden.find_left(" ".join(WORD.findall(path))):
            self.messages.setdefault(f"the path {show_path(path)}", word)

    def list_problems(self) -> Iterator[Problem]:
        """Yield a warning for each place, as far as there are not too many, and one for files that are no texts."""
        every = [
            *((path, line, word, "") for path, left in sorted(self.words.items()) for line, word in left),
            *(
                (path, 0, word, " in an older version")
                for path, word in sorted(self.before.items())
                if self._gone(path)
            ),
            *(("", 0, word, f" in {where}") for where, word in sorted(self.messages.items())),
        ]
        for path, line, word, where in every[:MOST]:
            yield _warn(f"`{word}` is part of a person's name, and still stands{where}", Place(show_path(path), line))
        if len(every) > MOST:
            yield _warn(f"parts of persons' names still stand in {len(every) - MOST} more places", Place())
        if self.unread:
            paths = sorted(map(show_path, self.unread))
            more = f", and {len(paths) - 5} more" if len(paths) > 5 else ""
            words = f"nobody looked for names in files that are no texts: {', '.join(paths[:5])}{more}"
            yield Problem(CODE, words, hint="open them, or take them out of the project", severity="warning")

    def _gone(self, path: str) -> bool:
        return not self.words.get(path)


def _warn(words: str, place: Place) -> Problem:
    return Problem(CODE, words, place, _HINT, "warning")
