"""Take keys and records; keep them in one SQLite file that several builds share; give them back, or nothing at all.

An index that is damaged, or busy for too long, is as good as empty: that costs time, never a right answer.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "index-3.sqlite"  # another number for another form: builds of two versions never meet in one file
_PATIENCE = 10  # seconds to wait for another build that writes
_FORM = """
create table written (key text primary key, record blob not null, used integer not null) without rowid;
create table blobs (digest text primary key, size integer not null, used integer not null) without rowid;
create table fronts (key text primary key, project text not null, revision text not null, record blob not null,
                     used integer not null) without rowid;
create index fronts_of on fronts (project, used);
create table bases (folder text not null, document text not null, record blob not null,
                    primary key (folder, document)) without rowid;
create table outputs (folder text not null, name text not null, digest text not null, size integer not null,
                      modified integer not null, changed integer not null, node integer not null,
                      primary key (folder, name)) without rowid;
create table contents (id text primary key, data blob not null, used integer not null) without rowid;
create table histories (place text not null, revision text not null, data blob not null, used integer not null,
                        primary key (place, revision)) without rowid;
"""
Row = Sequence[Any]
_REFUSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


class Index:
    """The records of a store; the file is made when there is something to keep.

    `make_folder` makes the place and returns "", or why it cannot be written to; `on_new` is called before a new file
    is used. `trouble` says what the disk refused, for a person.
    """

    def __init__(
        self,
        path: Path | None,
        make_folder: Callable[[], str],
        on_new: Callable[[], None],
        *,
        writable: bool,
    ) -> None:
        self._path = path
        self._make_folder = make_folder
        self._on_new = on_new
        self._writable = writable
        self._connection: sqlite3.Connection | None = None
        self._round = 0
        self.trouble = ""

    @property
    def round(self) -> int:
        """Return the number of this build among those that used the index, to know what was used longest ago."""
        if not self._round:
            tables = "select max(used) n from written union all select max(used) from fronts"
            found = self.ask(f"select max(n) from ({tables})")
            self._round = 1 + int(found[0][0] or 0) if found else 1
        return self._round

    def make(self) -> bool:
        """Return whether records can be kept, after making the file if need be."""
        return self._writable and self._open(make=True) is not None and self._writable

    def ask(self, question: str, *values: Any) -> list[Row]:
        """Return the rows of a question, none where the index fails."""
        connection = self._open()
        try:
            return connection.execute(question, values).fetchall() if connection else []
        except sqlite3.Error as error:
            self._fail(error)
            return []

    def tell(self, statement: str, rows: Iterable[Row]) -> None:
        """Run a statement for each row, all or none."""
        listed = list(rows)
        connection = self._open(make=True) if listed and self._writable else None
        if connection is None:
            return
        try:
            connection.execute("begin immediate")
            connection.executemany(statement, listed)
            connection.execute("commit")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                connection.execute("rollback")
            self._fail(error)

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _open(self, *, make: bool = False) -> sqlite3.Connection | None:
        if self._connection is None and self._path is not None and (make or self._path.is_file()):
            self._connection = self._connect(self._path)
            if self._connection is None:
                self._path = None
        return self._connection

    def _connect(self, path: Path) -> sqlite3.Connection | None:
        if self._writable:
            self.trouble = self._make_folder()
            self._writable = not self.trouble
        for _ in range(2):
            try:
                return _connect(path, self._on_new) if self._writable else _look(path)
            except sqlite3.OperationalError as error:
                self._note(error)
                return None
            except sqlite3.DatabaseError:
                # Not a database, or no longer one. Whoever has it open goes on with what he has.
                if not self._writable or not _remove(path):
                    return None
        return None

    def _fail(self, error: sqlite3.Error) -> None:
        """A busy index is asked again later; a damaged one is given up, and removed so that the next build has one."""
        if isinstance(error, sqlite3.OperationalError):
            self._note(error)
            return
        self.close()
        if self._writable and self._path is not None:
            _remove(self._path)
        self._path = None

    def _note(self, error: sqlite3.Error) -> None:
        """Note what the disk refused; that somebody else is writing, or that we may only read, is no trouble."""
        if self._writable and getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSED:
            self.trouble = self.trouble or f"{self._path} cannot be written to ({error})"


def _connect(path: Path, on_new: Callable[[], None]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        connection.execute("pragma trusted_schema = off")
        connection.execute("pragma journal_mode = wal")
        # What a power cut takes from an index is made anew: no build waits for the disk here.
        connection.execute("pragma synchronous = normal")
        connection.execute("begin immediate")
        if not connection.execute("pragma user_version").fetchone()[0]:
            on_new()
            for statement in _FORM.split(";"):
                connection.execute(statement)
            connection.execute("pragma user_version = 1")
        connection.execute("commit")
        _check_form(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_form(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("select 1 from written, blobs, fronts, bases, outputs, contents, histories limit 0")
    except sqlite3.OperationalError as error:
        raise sqlite3.DatabaseError(f"not an index of ours: {error}") from error


def _look(path: Path) -> sqlite3.Connection:
    # Without its helper files, a database that nobody can write to is read as it lies there.
    modes = ("mode=ro", "immutable=1") if not os.access(path.parent, os.W_OK) else ("mode=ro",)
    for mode in modes:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=_PATIENCE)
        try:
            connection.execute("pragma trusted_schema = off")
            connection.execute("select 1 from written limit 1")
        except sqlite3.Error:
            connection.close()
            if mode == modes[-1]:
                raise
        else:
            break
    return connection


def _remove(path: Path) -> bool:
    try:
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
    except OSError:
        return False
    return True
