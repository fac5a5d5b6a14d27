"""Take the seeded faults of test_rules.py; load the sample with each; give all that is said, as one text.

`.venv/bin/python tests/model/rules/seeded_messages.py` rewrites seeded_messages.txt, whose difference is then read.
"""

from __future__ import annotations

from pathlib import Path

from model_sample import load
from test_rules import FAULTS

KEPT = Path(__file__).with_suffix(".txt")


def write_messages() -> str:
    """Return every problem of every fault: code, severity, place, message and hint."""
    lines = []
    for name, fault in FAULTS.items():
        lines.append(f"## {name}")
        for problem in load(fault.files).problems:
            lines.append(f"{problem.code} {problem.severity} {problem.place} | {problem.message} | {problem.hint}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    KEPT.write_text(write_messages(), encoding="utf-8")
