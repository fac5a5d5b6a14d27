"""Take records and blocks; join and part them; check that what is no message is refused and nothing is run."""

from __future__ import annotations

import pickle

import pytest

from pipeline.processes.frames import join_frames, part_frames


def test_what_is_joined_comes_back() -> None:
    blocks = (b"one\ntwo", b"", bytes(range(256)))
    assert part_frames(join_frames({"a": [1, "ü"], "b": None}, blocks)) == ({"a": [1, "ü"], "b": None}, blocks)
    assert part_frames(join_frames({})) == ({}, ())


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[]\n",
        b'{"sizes": [1]}\n',
        b'{"sizes": [1]}\nab',
        b'{"sizes": [3, -1]}\nab',
        b'{"sizes": ["1"]}\na',
        b'{"sizes": [1.0]}\na',
        b'{"sizes": 1}\na',
        b"[" * 100_000,
        pickle.dumps({"sizes": []}),
    ],
)
def test_what_is_no_message_is_refused(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|Expecting|codec|JSON"):
        part_frames(message)
