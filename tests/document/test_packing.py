"""Take trees and hostile pickles; pack and unpack them; check that nothing but trees and themes comes out."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.document.packing import pack, unpack
from pipeline.document.tree import Document, Furniture, Paragraph, Properties, Section, Text
from pipeline.problems import Place, Problem
from pipeline.render.theme_file import load_theme

ROOT = Path(__file__).parents[2]


def test_a_tree_comes_back_equal() -> None:
    section = Section((Paragraph((Text("Words"),), place=Place("a.md", 3)),))
    document = Document("p/one", Properties("One"), Furniture(), (section,))
    assert unpack(pack(document)) == document
    plain = (document, {"a": 1}, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC), Decimal("1.5"), None, b"x", [True])
    assert unpack(pack(plain)) == plain


class Evil:
    """Runs something of its own choice where it is unpickled."""

    def __init__(self, call: object, *values: object) -> None:
        self.what = (call, values)

    def __reduce__(self) -> object:
        return self.what


@pytest.mark.parametrize(
    "value",
    [
        Evil(os.system, "exit 3"),
        Evil(eval, "1"),
        Evil(getattr, Problem, "record"),
        Evil(Path, "/etc/passwd"),
        Evil(pack, 1),
        Evil(pickle.loads, b""),
        os.system,
        Path("/etc/passwd"),
        Problem,
    ],
)
def test_bytes_that_ask_for_anything_else_are_refused(value: object) -> None:
    data = pickle.dumps((value, 1))
    if value is Problem:
        assert unpack(data) == (Problem, 1)  # a class of ours is harmless: it holds values
        return
    with pytest.raises(pickle.UnpicklingError, match="is no part of a document"):
        unpack(data)


@pytest.mark.parametrize("data", [b"", b"\x80\x05", b"cpipeline.render.packing\npickle.loads\n.", b"cos\nsystem\n."])
def test_broken_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        unpack(data)


def test_a_process_that_has_loaded_nothing_yet_reads_a_theme() -> None:
    """A worker of Dask is such a one; bytes may still name no module but those of trees and themes."""
    theme = load_theme()
    code = "import sys; from pipeline.document.packing import unpack; print(unpack(sys.stdin.buffer.read()).text_font)"

    def read(data: bytes) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=False, cwd=ROOT)

    assert read(pack(theme)).stdout.decode().strip() == str(theme.text_font)
    for name in ("pipeline.document.tree.../x", "pipeline.document.tree.none", "pipeline.render.themes"):
        data = b"c" + name.encode() + b"\nTheme\n."
        assert b"is no part of a document" in read(data).stderr
