"""Take the ids of deliveries; remember the last of them in a file; tell which one came before."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from pipeline.hooks.disk import save_file

MOST = 2000  # ids that are remembered for one repository


class Deliveries:
    """The ids of one repository, as digests: an id is what somebody else chose, and is never written down itself."""

    def __init__(self, path: Path, most: int = MOST) -> None:
        self._path = path
        self._most = most
        self._known = dict.fromkeys(_read(path)[-most:])

    def is_new(self, host: str, delivery: str) -> bool:
        """Return whether a delivery is seen for the first time, and remember it; one without an id always is."""
        if not delivery:
            return True
        digest = sha256(f"{host}\0{delivery}".encode("utf-8", "surrogateescape")).hexdigest()
        if digest in self._known:
            return False
        self._known[digest] = None
        for oldest in list(self._known)[: -self._most]:
            del self._known[oldest]
        self._save()
        return True

    def _save(self) -> None:
        """A disk that is full costs a needless look after the next start, no push."""
        try:
            save_file(self._path, "".join(f"{digest}\n" for digest in self._known).encode(), mode=0o600)
        except OSError:
            return


def _read(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []
