"""Take nothing; list every rule that holds between records of a project; give one ordered table."""

from __future__ import annotations

from pipeline.model.rules import dates, identity, ids, people, progress, references, schedule, states
from pipeline.model.rules.common import Rule

RULES: tuple[Rule, ...] = (
    ids.check_duplicates,
    ids.check_file_names,
    ids.check_folder_name,
    people.check_people,
    references.check_pointers,
    references.check_decided_changes,
    references.check_changes_of_decisions,
    references.check_approved_changes,
    identity.check_roles,
    identity.check_sensitivity,
    identity.check_success_criteria,
    identity.check_budget_years,
    schedule.check_links,
    schedule.check_circles,
    schedule.check_baselines,
    schedule.check_deliverables_due,
    dates.check_date_order,
    dates.check_assessments,
    dates.check_revisions,
    states.check_status_dates,
    states.check_acceptance,
    states.check_closure,
    progress.check_known,
    progress.check_status_dates_of_periods,
    progress.check_newest_status_date,
    progress.check_overdue_milestones,
    progress.check_growth,
    progress.check_finished,
    progress.check_not_ahead,
)
