"""Take the closed project with prose that holds no figure; build its closure report; find the figures in it."""

from __future__ import annotations

import re
from pathlib import Path

from golden.repositories import run_git

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


def test_closure_report_shows_its_own_history_and_approvals(sample: Sample, tmp_path: Path) -> None:
    root = copy_repository(sample, tmp_path / "copy")
    approval = "Approve the report\n\nApproved-by: Ingrid Falk <i@example.org>\nApproves: beacon/closure-report"
    report = root / "beacon/closure-report.md"
    report.write_text(report.read_text(encoding="utf-8") + "\nOne more sentence.\n", encoding="utf-8")
    run_git(root, "commit", "--quiet", "--all", "-m", "Say one thing more", time="2026-10-06T09:00:00+02:00")
    run_git(root, "commit", "--quiet", "--allow-empty", "-m", approval, time="2026-10-07T09:00:00+02:00")
    (told,) = run_deedbox(root, "history", "beacon/closure-report")["documents"]
    assert [(one["version"], one["state"], one["change"]) for one in told["revisions"]] == [
        ("1.0", "approved", "Approve the report"),
        ("0.2", "draft", "Say one thing more"),
        ("0.1", "draft", "Record both projects"),
    ]
    run_deedbox(root, "build", "beacon/closure-report", "--to", "html", "-o", str(tmp_path / "out"))
    page = (tmp_path / "out/beacon/closure-report.html").read_text(encoding="utf-8")
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words in ("Approve the report Approved by Ingrid Falk", "Say one thing more –", "Version 1.0 ·"):
        assert words in shown, words
    short = run_git(root, "rev-parse", "--short=7", "HEAD~1").strip()
    assert f"Version 1.0 · {short} · 6 October 2026" in shown
