"""Take nothing; hold the smallest project that uses every subject and is wrong in nothing; give it to the tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.model.load import Loaded, load_project, load_settings
from pipeline.model.project import Project
from pipeline.problems import Problem
from pipeline.sources.snapshot import Snapshot

TIME = datetime(2026, 10, 1, tzinfo=UTC)

FILES: Mapping[str, str] = {
    "deedbox.yaml": """\
schema_version: 1
name: Sample office
projects: [atlas]
scales:
  levels:
    low: [1, 4]
    medium: [5, 14]
    high: [15, 25]
""",
    "people.yaml": """\
people:
  - id: ann.owner
    name: Ann Owner
    role: Director
  - id: max.manager
    name: Max Manager
    role: Head of projects
    active_from: 2020-01-01
    active_to: 2030-12-31
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
roles:
  project_owner: ann.owner
  project_manager: max.manager
  steering_committee: [ann.owner, max.manager]
team:
  - {person: max.manager, role: Lead, allocation: 50}
objectives:
  - {id: O1, title: Find every record}
scope:
  included: [The archive]
success_criteria:
  - id: SC1
    title: Records are found faster
    baseline: 9 days
    target: 3 days
    measured_by: Sample of requests
    result: 2.6 days
    met: yes
needs:
  - {id: N1, title: Search by name, priority: must, stakeholder: S1}
features:
  - {id: F1, title: Search, needs: [N1], deliverables: [D01]}
benefits:
  - id: BE1
    title: Less searching
    measure: Hours a week
    baseline: "40"
    target: "10"
    due: 2027-06-30
    owner: ann.owner
tolerances: {schedule_days: 10, cost_percent: 5}
document_control:
  reviewers: [max.manager]
""",
    "atlas/stakeholders.yaml": """\
stakeholders:
  - id: S1
    name: Readers
    group: users
    power: 2
    interest: 5
    current: neutral
    desired: supportive
    expectations: Quick answers
    strategy: Show early versions
    action: Invite to the trial
    owner: max.manager
    review: 2026-11-01
""",
    "atlas/schedule.yaml": """\
calendar:
  holidays:
    - {date: 2026-05-01, name: Labour Day}
work_packages:
  - {id: WP1, title: Build, owner: max.manager}
tasks:
  - id: T01
    work_package: WP1
    title: Design
    duration: 20
    baseline: {start: 2026-01-05, finish: 2026-01-30}
    owner: max.manager
    effort: 15.5
  - id: T02
    work_package: WP1
    title: Make
    estimate: {optimistic: 20, likely: 30, pessimistic: 70}
    predecessors: [T01]
    baseline: {start: 2026-02-02, finish: 2026-03-20}
    owner: max.manager
    effort: 40
    assignments: [{resource: R1, units: 75}, {resource: R2}]
  - id: T10
    work_package: WP1
    title: Try out
    duration: 10
    predecessors: [T02 FS+3]
    baseline: {start: 2026-03-26, finish: 2026-04-08}
    owner: max.manager
    effort: 10
milestones:
  - {id: M1, title: In use, baseline: 2026-06-30, after: [T02], owner: max.manager}
""",
    "atlas/resources.yaml": """\
currency: EUR
resources:
  - id: R1
    title: Head of projects
    kind: human
    person: max.manager
    rate: 500
    unit: day
    availability: 80
    from: 2026-01-01
    to: 2026-12-31
    absences:
      - {from: 2026-02-09, to: 2026-02-13, reason: Leave}
  - {id: R2, title: Licences, kind: material, rate: 100.00, unit: piece, quantity: 800}
""",
    "atlas/budget.yaml": """\
lines:
  - id: B01
    title: Staff
    category: staff
    work_package: WP1
    years:
      2026: 120000.50
contingency: 10000
reserve: 5000.00
funding:
  - {source: Own means, amount: 135000.50}
""",
    "atlas/business-case.yaml": """\
currency: EUR
initiation: {requested_by: ann.owner, requested: 2025-11-03, delivery: mixed, effort: 60}
pestel:
  legal: [The law asks for answers in ten days]
start: 2026
horizon: 5
price_base: 2026
discount_rate: {percent: 6, terms: nominal}
inflation: {percent: 2, base: 2026}
criteria:
  - {id: EC1, title: Speed, weight: 60}
  - {id: EC2, title: Risk, weight: 40}
options:
  - id: A
    title: Carry on
    description: Nothing changes.
    do_nothing: true
    costs:
      - {title: Overtime, category: support, years: {2026: 10000, 2027: 12000}}
    scores: {EC1: 2, EC2: 4}
  - id: B
    title: Build
    description: A platform is built.
    chosen: true
    swot: {strengths: [Quick], weaknesses: [Dear], opportunities: [Others join], threats: [Supplier leaves]}
    assessment: It pays.
    costs:
      - {id: C1, title: Building, category: development, years: {2026: 120000.50}}
      - {id: C2, title: Upkeep, category: maintenance, years: {2027: 20000, 2028: 20000, 2029: 20000, 2030: 20000}}
    benefits:
      - {id: G1, title: Less searching, kind: financial, benefit: BE1, years: {2027: 90000.50, 2028: 90000}}
      - {title: Shorter waiting, kind: social, years: {2028: 30000, 2029: -500}}
    residual_value: 5000
    scores: {EC1: 5, EC2: 3}
sensitivity:
  - {driver: costs, percent: 20}
  - {driver: rate, percent: 50}
  - {driver: G1, percent: 25}
""",
    "atlas/deliverables.yaml": """\
deliverables:
  - id: D01
    title: Search engine
    description: What readers use
    work_package: WP1
    owner: max.manager
    due: 2026-06-01
    delivered: 2026-06-02
    accepted: 2026-06-10
    acceptance: accepted
    criteria:
      - {criterion: Finds all, metric: Recall of 100 queries, tolerance: 2 missing}
    authority: ann.owner
""",
    "atlas/registers/risks.yaml": """\
risks:
  - id: R-01
    title: Data are poor
    category: data
    cause: Nobody cleaned them
    event: Search finds too little
    effect: Readers stay away
    status: approved
    raised: 2026-02-01
    raised_by: max.manager
    owner: max.manager
    assessments:
      - {date: 2026-02-01, likelihood: 4, impact: 4}
      - {date: 2026-06-01, likelihood: 2, impact: 4}
    strategy: reduce
    response: Clean the data first
    reviewed: 2026-09-01
    tasks: [T02]
""",
    "atlas/registers/risks/R-02.yaml": """\
id: R-02
title: Supplier leaves
category: supplier
cause: Takeover
event: Nobody answers
effect: Delay
status: closed
raised: 2026-02-10
raised_by: ann.owner
owner: max.manager
assessments:
  - {date: 2026-02-10, likelihood: 1, impact: 5}
strategy: accept
response: None needed
reviewed: 2026-05-01
closed: 2026-05-01
""",
    "atlas/registers/issues.yaml": """\
issues:
  - id: I-01
    title: Index is slow
    category: technical
    description: Queries take a minute
    status: closed
    raised: 2026-03-01
    raised_by: max.manager
    owner: max.manager
    urgency: 3
    impact: 3
    due: 2026-03-15
    action: Add memory
    closed: 2026-04-01
    risk: R-01
""",
    "atlas/registers/changes.yaml": """\
changes:
  - id: CR-01
    title: Add export
    category: scope
    description: Export as CSV
    reason: Auditors ask for it
    status: implemented
    submitted: 2026-03-01
    requested_by: ann.owner
    priority: 3
    size: 2
    schedule_days: 5
    cost: -250.00
    decided: 2026-03-10
    decision: DE-01
    implemented: 2026-04-01
""",
    "atlas/registers/decisions.yaml": """\
decisions:
  - id: DE-01
    title: Add the export
    description: The export is added.
    date: 2026-03-10
    taken_by: Project Steering Committee
    owner: ann.owner
    present: [ann.owner, max.manager]
    change: CR-01
""",
    "atlas/registers/actions.yaml": """\
actions:
  - {id: A-01, title: Buy, status: closed, raised: 2026-03-02, owner: ann.owner, due: 2026-03-20, closed: 2026-03-19}
""",
    "atlas/registers/lessons.yaml": """\
lessons:
  - id: L-01
    title: Clean early
    category: data
    kind: improvement
    event: Cleaning came late
    cause: No owner
    effect: Delay
    recommendation: Name an owner
    owner: max.manager
    raised: 2026-06-01
""",
    "atlas/closure.yaml": """\
checklist:
  - {id: CL-01, area: contracts, title: Contract fulfilled, owner: ann.owner, status: done, done: 2026-09-01}
  - {id: CL-02, area: resources, title: Return hired tools, owner: max.manager, status: not_applicable, evidence: None}
""",
    "atlas/registers/assumptions.yaml": """\
assumptions:
  - {id: AS-01, title: Servers stay, status: open, raised: 2026-01-10, owner: max.manager, review: 2026-12-01}
""",
    "atlas/registers/dependencies.yaml": """\
dependencies:
  - id: DP-01
    title: Test data
    from: Archive
    to: Test team
    status: received
    raised: 2026-02-02
    needed_by: 2026-03-02
    promised_for: 2026-03-01
    closed: 2026-03-04
    owner: max.manager
    tasks: [T02]
""",
    "atlas/progress/2026-08.yaml": """\
status_date: 2026-08-31
tasks:
  T01: {complete: 100, start: 2026-01-05, finish: 2026-02-03}
  T02: 40
costs:
  B01: {actual: 50000.00, committed: 60000, forecast: 118000}
effort:
  WP1: 30
milestones:
  M1: {forecast: 2026-10-15}
""",
    "atlas/progress/2026-09.yaml": """\
status_date: 2026-09-30
tasks:
  T02: 62.5
costs:
  B01: {actual: 70000.00}
""",
    "atlas/charter.md": """\
---
standfirst: Search for all.
revisions:
  - {version: "1.10", date: 2026-03-01, by: max.manager, change: Export added, approved_by: ann.owner}
  - {version: "1.9", date: 2026-01-02, by: max.manager, change: First version}
---
# Executive summary

It costs {{ project.budget.total | money }}.
""",
    "atlas/reports/2026-09.md": "# Summary\n\nAll is well.\n",
    "atlas/documents/notes.md": "Any text.\n",
    "atlas/images/plan.png": "not looked at",
    "README.md": "What this is.\n",
}


def snapshot_of(files: Mapping[str, str | None]) -> Snapshot:
    """Return the sample with some files replaced, added, or (None) left out."""
    merged = {**FILES, **files}
    return Snapshot.of({path: text for path, text in merged.items() if text is not None}, TIME)


def load(files: Mapping[str, str | None]) -> Loaded:
    """Return what the sample with these files loads as, the settings' problems included."""
    snapshot = snapshot_of(files)
    settings, problems = load_settings(snapshot)
    assert settings is not None
    loaded = load_project(snapshot, settings, "atlas")
    return Loaded(loaded.project, (*problems, *loaded.problems))


def load_good(files: Mapping[str, str | None]) -> Project:
    """Return the project that the sample with these files loads as; there must be no problem."""
    loaded = load(files)
    assert [str(problem) for problem in loaded.problems] == []
    assert loaded.project is not None
    return loaded.project


def swap(path: str, old: str, new: str) -> dict[str, str]:
    """Return the override that replaces one text in one file of the sample."""
    assert FILES[path].count(old) == 1, f"{path} holds {old!r} {FILES[path].count(old)} times"
    return {path: FILES[path].replace(old, new)}


def line_of(files: Mapping[str, str | None], problem: Problem) -> str:
    """Return the line of the source at which a problem points."""
    text = {**FILES, **files}[problem.place.file]
    assert text is not None
    return text.splitlines()[problem.place.line - 1] if problem.place.line else ""
