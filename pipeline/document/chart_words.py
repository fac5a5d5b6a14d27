"""Take what the engine that draws charts says of a failure; give the words that a person can use."""

from __future__ import annotations

import re


def explain(message: str) -> str:
    """Return what the engine says of a failure, without its stack and long repeats of the spec."""
    lines = [line.strip() for line in message.splitlines() if line.strip() and not line.strip().startswith("at ")]
    said = lines[1] if len(lines) > 1 else lines[0] if lines else ""
    said = re.sub(r"^(?:Type|Reference|Range)?Error: ", "", said)
    said = re.sub(r"\{.*\}", "{…}", said)
    return said if len(said) <= 160 else f"{said[:159]}…"
