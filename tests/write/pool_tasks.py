"""Take a step; do it as the writers do, or go wrong in the way that its document's name says; give the answer."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import time
from collections.abc import Callable

from pipeline.document.packing import unpack
from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Paragraph, Properties, Section, Text
from pipeline.write import Written
from pipeline.write.step import dump_answer, pack_step, run_step

MUCH = bytes(range(256)) * 8192


def make_letter(name: str, *words: str) -> Document:
    blocks = tuple(Paragraph((Text(text),)) for text in (words or (f"This is {name}.",)))
    return Document(name, Properties("A letter"), Furniture(), (Section(blocks),))


def pack_letter(name: str, theme: Theme, formats: tuple[str, ...] = ("pdf",)) -> tuple[str, bytes]:
    return name, pack_step(make_letter(name), theme, formats)


def misbehave(step: bytes) -> bytes:
    """Do a step unless its document is called `bad/…`."""
    folder, _, way = unpack(unpack(step)[0]).id.partition("/")
    if folder == "bad":
        WAYS[way]()
    return run_step(step)


def give_much(step: bytes) -> bytes:
    """Give more at once than fits into a pipe, after a moment."""
    time.sleep(0.005)
    return dump_answer(Written({"pdf": MUCH}))


def wait_for_ever(step: bytes) -> bytes:
    time.sleep(3600)
    return step


def _loop() -> None:
    while True:
        pass


def _allocate() -> None:
    kept = []
    while True:
        kept.append(bytearray(1 << 26))


WAYS: dict[str, Callable[[], object]] = {
    "sleeps": lambda: time.sleep(3600),
    "computes": _loop,
    # Deep in C, where no handler of a signal gets a turn.
    "ponders": lambda: re.match("(a|a)*$", "a" * 60 + "b"),
    "allocates": _allocate,
    "leaves": lambda: os._exit(7),
    "crashes": lambda: ctypes.string_at(0),
    "is-killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
}
