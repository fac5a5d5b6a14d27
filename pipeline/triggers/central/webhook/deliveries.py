"""Take what comes to a webhook; remember marks of proved deliveries in a file; count for the log what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from time import monotonic

from pipeline.triggers.hooks.disk import save_record

MOST = 4000  # marks that are remembered for one repository: an id and a signature of each delivery
_LARGEST = 1_000_000  # bytes of the file, which is ours and much smaller
EVERY = 30.0  # seconds between two lines of one kind


class Deliveries:
    """What one repository has seen, as digests: an id is what somebody else chose, and is never written down itself."""

    def __init__(self, path: Path, most: int = MOST) -> None:
        self._path = path
        self._most = most
        self._known = dict.fromkeys(_read(path)[-most:])

    def is_new(self, host: str, delivery: str, proof: str = "") -> bool:
        """Return whether a delivery is seen for the first time, and remember it; one without any mark always is.

        A host that does not sign its ids signs the body: a copied event under another id has the signature of before.
        """
        # A signature counts whoever is said to have made it: one copied from GitHub would pass as one of Gitea.
        marks = [_digest(*words) for words in ((host, delivery), ("proof", proof)) if words[1]]
        if not marks:
            return True
        if any(mark in self._known for mark in marks):
            return False
        self._known.update(dict.fromkeys(marks))
        for oldest in list(self._known)[: -self._most]:
            del self._known[oldest]
        self._save()
        return True

    def _save(self) -> None:
        """A disk that is full costs a needless look after the next start, no push."""
        try:
            save_record(self._path, "".join(f"{digest}\n" for digest in self._known).encode(), mode=0o600)
        except OSError:
            return


def _digest(host: str, mark: str) -> str:
    return sha256(f"{host}\0{mark}".encode("utf-8", "surrogateescape")).hexdigest()


def _read(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("ascii", "replace").splitlines()
    except OSError:
        return []


class Tally:
    """Counts what is the same, and says it at once the first time."""

    def __init__(self, log: Callable[[str], None], clock: Callable[[], float] = monotonic) -> None:
        self._log = log
        self._clock = clock
        self._said: dict[str, float] = {}
        self._waiting: Counter[str] = Counter()

    def count(self, words: str) -> None:
        """Say these words, or count them for the next line of their kind; there are few kinds, all of them ours."""
        now = self._clock()
        if now - self._said.get(words, now - EVERY) < EVERY:
            self._waiting[words] += 1
            return
        more = self._waiting.pop(words, 0)
        self._said[words] = now
        self._log(f"{words} ({more} more since the last line)" if more else words)
