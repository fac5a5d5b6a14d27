"""Take keys and digests; ask a store that many machines share, over fsspec; give what proves to be what it says.

A remote that is gone, slow or wrong costs time only. Bytes are proved by their digest, records by the key that they
name; where `DEEDBOX_REMOTE_SECRET` is set, by a signature too: nobody without it can say what a key stands for.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from msgspec import json

from pipeline.plan.records import FileFacts, Kept
from pipeline.problems import has_errors
from pipeline.stored import BROKEN, Stored

SECRET = "DEEDBOX_REMOTE_SECRET"
PATIENCE = 30.0  # seconds without any answer: after that the remote is given up for this build
_AT_ONCE = 16  # questions
_LONGEST = 1_000_000  # bytes of a record
_FORM = "v2"
Item = TypeVar("Item")
Found = TypeVar("Found")


class _Signed(Stored, frozen=True):
    """What lies under a key: a record as JSON, and the proof that who knows the secret wrote it."""

    kept: str
    proof: str


class Remote:
    """A store that many machines share. `note` gets a word when it is given up."""

    def __init__(self, address: str, note: Callable[[str], None], patience: float = PATIENCE) -> None:
        self._note = note
        self._patience = patience
        self._secret = os.environ.get(SECRET, "").encode()
        self._wrong: set[str] = set()
        self._system, self._top = self._open(address)

    def find(self, keys: Iterable[str]) -> dict[str, Kept]:
        """Return what keys stand for, as far as the remote knows."""
        return self._each(self._find, keys)

    def read(self, files: Iterable[FileFacts]) -> dict[FileFacts, bytes]:
        """Return the bytes of files, as far as the remote has them, proved by their digests."""
        return self._each(self._read, files)

    def keep(self, kept: Mapping[str, Kept], load: Callable[[str], bytes | None]) -> None:
        """Give the remote what it lacks: first the files, which `load` reads by digest, then what keys stand for."""
        files = {file.sha256: file for one in kept.values() for file in one.files.values()}
        done = self._each(lambda digest: self._write(self._file(digest), load(digest)), files)
        whole = {key: one for key, one in kept.items() if all(file.sha256 in done for file in one.files.values())}
        self._each(lambda key: self._write(self._record(key), self._sign(key, json.encode(whole[key]).decode())), whole)

    def _open(self, address: str) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError:
            self._note("cache.remote is not used: pip install 'deedbox[remote]'")
            return None, ""
        try:
            system, top = url_to_fs(address)
        except Exception as error:  # each kind of remote has its own: a missing library, a wrong address
            self._note(f"cache.remote is not used: {_words(error)}")
            return None, ""
        if not address.partition("://")[2].strip("/"):
            self._note("cache.remote is not used: the address names no folder")
            return None, ""
        return system, f"{top.rstrip('/')}/{_FORM}"

    def _find(self, key: str) -> Kept | None:
        path = self._record(key)
        data = self._fetch(path, _LONGEST)
        if data is None:
            return None
        kept = self._read_record(key, data)
        if kept is None:
            self._wrong.add(path)
        return kept

    def _read_record(self, key: str, data: bytes) -> Kept | None:
        try:
            record = json.decode(data, type=_Signed)
            if not hmac.compare_digest(record.proof, self._prove(key, record.kept)):
                return None
            kept = json.decode(record.kept, type=Kept)
        except BROKEN:
            return None
        return None if has_errors(kept.problems) else kept

    def _read(self, file: FileFacts) -> bytes | None:
        path = self._file(file.sha256)
        data = self._fetch(path, file.size)
        if data is not None and sha256(data).hexdigest() != file.sha256:
            self._wrong.add(path)
            return None
        return data

    def _fetch(self, path: str, largest: int) -> bytes | None:
        """Return what is at a path, and one byte more than there should be where there is more."""
        try:
            with self._system.open(path, "rb") as file:
                data: bytes = file.read(largest + 1)
        except FileNotFoundError:
            return None
        return data

    def _write(self, path: str, data: bytes | None) -> bool | None:
        """Write what is not there yet, or was found to be wrong; what half a write left is proved by nobody."""
        if data is None:
            return None
        if path in self._wrong or not self._system.exists(path) or self._system.size(path) != len(data):
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._system.pipe_file(path, data)
        return True

    def _file(self, digest: str) -> str:
        return f"{self._top}/files/{digest[:2]}/{digest[2:]}"

    def _record(self, key: str) -> str:
        return f"{self._top}/keys/{key[:2]}/{key[2:]}.json"

    def _sign(self, key: str, text: str) -> bytes:
        return json.encode(_Signed(text, self._prove(key, text)))

    def _prove(self, key: str, text: str) -> str:
        return hmac.new(self._secret, f"{key}\n{text}".encode("utf-8", "surrogatepass"), sha256).hexdigest()

    def _each(self, ask: Callable[[Item], Found | None], items: Iterable[Item]) -> dict[Item, Found]:
        """Return the answers to several questions, asked side by side; those that came before the patience was out."""
        listed = list(items)
        if self._system is None or not listed:
            return {}
        waiting: SimpleQueue[Item] = SimpleQueue()
        for item in listed:
            waiting.put(item)
        answers: SimpleQueue[tuple[Item, Found | None] | Exception] = SimpleQueue()
        for _ in range(min(_AT_ONCE, len(listed))):
            # A thread that hangs in somebody else's library must not keep the build from ending.
            Thread(target=_ask, args=(ask, waiting, answers), daemon=True).start()
        return self._gather(answers, len(listed))

    def _gather(self, answers: SimpleQueue[tuple[Item, Found | None] | Exception], count: int) -> dict[Item, Found]:
        found: dict[Item, Found] = {}
        for _ in range(count):
            try:
                answer = answers.get(timeout=self._patience)
            except Empty:
                answer = TimeoutError(f"no answer for {self._patience:g} seconds")
            if isinstance(answer, Exception):
                self._note(f"cache.remote is given up for this build: {_words(answer)}")
                self._system = None
                break
            if answer[1] is not None:
                found[answer[0]] = answer[1]
        return found


def _ask(
    ask: Callable[[Item], Found | None],
    waiting: SimpleQueue[Item],
    answers: SimpleQueue[tuple[Item, Found | None] | Exception],
) -> None:
    try:
        while True:
            item = waiting.get_nowait()
            answers.put((item, ask(item)))
    except Empty:
        return
    except Exception as error:  # whatever a remote's library raises
        answers.put(error)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]
