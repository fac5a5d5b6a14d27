"""Take the closed project with prose that holds no figure; build its closure report; find the figures in it."""

from __future__ import annotations

import re
from pathlib import Path

from .sample import Sample, copy_repository, run_deedbox

SECTIONS = (
    "Introduction", "Effectiveness", "Cost, schedule and scope", "Project management evaluation", "Acceptance",
    "Transition", "Business implementation", "Governance and team", "Lessons and best practices", "Recommendations",
)  # fmt: skip
PROSE = "\n\n".join(f"# {title}\n\nNothing to add to what is computed." for title in SECTIONS)


def test_closure_report_needs_no_typed_figure(sample: Sample, tmp_path: Path) -> None:
    assert not re.search(r"\d", PROSE)
    root = copy_repository(sample, tmp_path / "copy")
    (root / "beacon/closure-report.md").write_text(PROSE + "\n", encoding="utf-8")
    run_deedbox(root, "build", "beacon/closure-report", "--to", "html", "-o", str(tmp_path / "out"))
    page = (tmp_path / "out/beacon/closure-report.html").read_text(encoding="utf-8")
    figures = run_deedbox(root, "figures", "beacon")["figures"]
    assert page.count("Nothing to add") == len(SECTIONS)
    for name in ("ac", "bac", "cv"):
        assert f"{abs(figures[name]['value']):,.0f}" in page, name
    assert f"{figures['cpi']['value']:.2f}" in page
    assert len(re.findall(r"<table", page)) >= 12
