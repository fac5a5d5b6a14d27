"""Take nothing; hold a small project with all its narratives and two periods of progress; give it to the tests."""

from __future__ import annotations

from collections.abc import Mapping

SECTIONS = (
    "Executive summary", "Business case", "Stakeholder and user needs", "Cost and timing", "Approach",
    "Change and configuration management", "Governance",
)  # fmt: skip
CHARTER = "".join(f"# {title}\n\nText of {title.lower()}.\n\n" for title in SECTIONS)
REPORT = (
    "# Summary\n\nAll is well, {{ figures.progress.complete | percent }} done.\n\n"
    "# Performed this period\n\n- One thing\n\n# Planned next period\n\n- Another thing\n"
)

FILES: Mapping[str, str | bytes] = {
    "deedbox.yaml": "schema_version: 1\nname: Sample office\nformats: [html]\n",
    "people.yaml": """\
people:
  - {id: ann.owner, name: Ann Owner, role: Director}
  - {id: max.manager, name: Max Manager, role: Head of projects}
""",
    "atlas/project.yaml": """\
id: atlas
name: Atlas
title: Records platform
summary: One place for all records.
phase: executing
start: 2026-01-01
end: 2026-12-31
status_date: 2026-09-30
currency: EUR
sensitivity: internal
roles: {project_owner: ann.owner, project_manager: max.manager, steering_committee: [ann.owner]}
objectives:
  - {id: O1, title: Find every record}
scope: {included: [The archive]}
success_criteria:
  - {id: SC1, title: Records are found faster, baseline: 9 days, target: 3 days, measured_by: Sample}
tolerances: {schedule_days: 10, cost_percent: 5}
""",
    "atlas/stakeholders.yaml": """\
stakeholders:
  - {id: S1, name: Readers, group: users, power: 2, interest: 5, current: neutral, desired: supportive,
     expectations: Quick answers, strategy: Show early, action: Invite, owner: max.manager, review: 2026-11-01}
""",
    "atlas/schedule.yaml": """\
calendar:
  holidays: [{date: 2026-05-01, name: Labour Day}]
work_packages:
  - {id: WP1, title: Build, owner: max.manager}
  - {id: WP2, title: Teach, owner: max.manager}
tasks:
  - {id: T01, work_package: WP1, title: Design, duration: 20, owner: max.manager, effort: 30,
     baseline: {start: 2026-01-05, finish: 2026-01-30}}
  - {id: T02, work_package: WP2, title: Train, duration: 5, predecessors: [T01], owner: max.manager, effort: 10,
     baseline: {start: 2026-09-21, finish: 2026-09-25}}
milestones:
  - {id: M1, title: In use, baseline: 2026-06-30, after: [T01], owner: max.manager}
  - {id: M2, title: All trained, baseline: 2026-10-30, after: [T02], owner: max.manager}
""",
    "atlas/budget.yaml": """\
lines:
  - {id: B01, title: Staff, category: staff, work_package: WP1, years: {2026: 120000}}
  - {id: B02, title: Training, category: training, years: {2026: 30000.50}}
contingency: 10000
""",
    "atlas/deliverables.yaml": """\
deliverables:
  - id: D01
    title: Search engine
    description: What readers use
    work_package: WP1
    owner: max.manager
    due: 2026-06-01
    delivered: 2026-08-20
    accepted: 2026-09-10
    acceptance: accepted
    criteria: [{criterion: Finds all, metric: Recall}]
    authority: ann.owner
""",
    "atlas/registers/risks.yaml": """\
risks:
  - {id: R-01, title: Data are poor, category: data, cause: Age, event: Too little is found, effect: Anger,
     status: approved, raised: 2026-02-01, raised_by: max.manager, owner: max.manager, strategy: reduce,
     response: Clean first, reviewed: 2026-09-01, probability: 50, exposure: 20000,
     assessments: [{date: 2026-02-01, likelihood: 4, impact: 5}, {date: 2026-09-05, likelihood: 2, impact: 4}]}
  - {id: R-02, title: Supplier leaves, category: supplier, cause: Sale, event: No answers, effect: Delay,
     status: approved, raised: 2026-09-10, raised_by: max.manager, owner: ann.owner, strategy: accept,
     response: None needed, reviewed: 2026-09-15, assessments: [{date: 2026-09-10, likelihood: 3, impact: 5}]}
""",
    "atlas/registers/changes.yaml": """\
changes:
  - {id: CR-01, title: Add export, category: scope, description: As CSV, reason: Asked for, status: rejected,
     submitted: 2026-08-15, requested_by: ann.owner, priority: 3, size: 2, schedule_days: 5, cost: 900.00,
     decided: 2026-09-12}
""",
    "atlas/progress/2026-08.yaml": """\
status_date: 2026-08-31
tasks: {T01: 80}
costs: {B01: {actual: 50000, forecast: 118000}}
effort: {WP1: 20}
milestones: {M1: {forecast: 2026-07-14}, M2: {forecast: 2026-11-13}}
""",
    "atlas/progress/2026-09.yaml": """\
status_date: 2026-09-30
tasks: {T01: 100, T02: 50}
costs: {B01: {actual: 90000}, B02: {actual: 31000.50}}
effort: {WP1: 33.5}
milestones: {M1: {actual: 2026-09-07}}
""",
    "atlas/charter.md": CHARTER,
    "atlas/reports/2026-08.md": REPORT,
    "atlas/reports/2026-09.md": REPORT,
    "atlas/stakeholder-matrix.md": "# Introduction\n\nWho is who.\n\n# Engagement approach\n\nWe talk.\n",
    "atlas/documents/other.md": "# The other note\n\nPlain text.\n",
}
