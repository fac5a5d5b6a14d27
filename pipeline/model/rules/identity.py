"""Take project.yaml and files with money; check roles, sensitivity, criteria, currency, years; give problems."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.project import Project
from pipeline.model.subjects import SUBJECTS
from pipeline.model.where import Where
from pipeline.problems import Problem, did_you_mean


def check_roles(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning if one person answers for the project and also manages it (RASCI: one accountable)."""
    roles = project.info.roles
    if roles.project_owner == roles.project_manager:
        message = f"{roles.project_owner} is both Project Owner and Project Manager"
        place = where.place("project", "", "roles", "project_manager")
        yield Problem("DB227", message, place, "PM² keeps the two roles apart", "warning")


def check_sensitivity(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem if the sensitivity is not one of the settings'."""
    known = project.settings.sensitivities
    if project.info.sensitivity not in known:
        message = f"deedbox.yaml knows no sensitivity `{project.info.sensitivity}`"
        place = where.place("project", "", "sensitivity")
        yield Problem("DB214", message, place, did_you_mean(project.info.sensitivity, known))


def check_success_criteria(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each success criterion that is judged without a result."""
    for criterion in project.info.success_criteria:
        if criterion.met is not None and criterion.result is None:
            message = f"success criterion {criterion.id} is judged (met: {criterion.met}), but has no result"
            place = where.place("success_criteria", criterion.id, "met")
            yield Problem("DB237", message, place, "add `result:` with the value reached", "warning")


def check_currency(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each file with amounts whose currency is not the project's: nobody converts them."""
    wanted = project.info.currency
    for subject in (one for one in SUBJECTS if "currency" in one.model.model_fields and one.name != "project"):
        file = getattr(project, subject.name)
        if file is not None and file.currency not in (None, wanted):
            message = f"{subject.path} is in {file.currency}, the project in {wanted}"
            hint = f"convert the amounts to {wanted}, or mend the currency"
            yield Problem("DB249", message, where.place(subject.name, "", "currency"), hint)


def check_budget_years(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each amount in a year in which the project does not run."""
    first, last = project.info.start.year, project.info.end.year
    for line in project.budget.lines if project.budget else ():
        for year in line.years:
            if not first <= year <= last:
                message = f"budget line {line.id} plans money in {year}; the project runs from {first} to {last}"
                place = where.place("lines", line.id, "years", year, key=True)
                yield Problem("DB235", message, place, severity="warning")
