"""Take what stands around a node; hold what the parts of the Markdown writer share; give it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """The shape of each state; `other` asks a list for its other mark, since equal marks would join two lists."""

    shapes: Mapping[str, str]
    other: bool = False
