"""Take needs, features, deliverables, issues and risks; check that what one promises another carries; give problems."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.project import Project
from pipeline.model.where import Where
from pipeline.problems import Problem


def check_needs(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each need that must be met (MoSCoW) and that no feature serves."""
    served = {need for feature in project.info.features for need in feature.needs}
    for need in project.info.needs:
        if project.info.features and need.priority == "must" and need.id not in served:
            place = where.place("needs", need.id)
            hint = "name it under `needs` of a feature, or give it another priority"
            yield Problem("DB260", f"no feature serves need {need.id}, which must be met", place, hint, "warning")


def check_features(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each feature that no deliverable brings, once deliverables are planned."""
    for feature in project.info.features:
        if project.deliverables and not feature.deliverables:
            place = where.place("features", feature.id)
            hint = f"name the deliverables that bring it: `deliverables: [{project.deliverables[0].id}]`"
            yield Problem("DB261", f"no deliverable brings feature {feature.id}", place, hint, "warning")


def check_work_packages(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each work package without a task."""
    used = {task.work_package for task in project.schedule.tasks}
    for package in project.schedule.work_packages:
        if project.schedule.tasks and package.id not in used:
            place = where.place("work_packages", package.id)
            yield Problem("DB262", f"work package {package.id} has no task", place, "plan its tasks", "warning")


def check_rejections(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each rejected deliverable that no issue follows up (PM² Deliverables Acceptance Plan)."""
    followed = {issue.deliverable for issue in project.issues}
    for deliverable in project.deliverables:
        if deliverable.acceptance == "rejected" and deliverable.id not in followed:
            message = f"deliverable {deliverable.id} is rejected, but no issue follows it up"
            hint = f"write an issue with `deliverable: {deliverable.id}`"
            yield Problem("DB266", message, where.place("deliverables", deliverable.id, "acceptance"), hint, "warning")


def check_occurred(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each threat that came true without an issue (PM²: a risk that occurs becomes an issue)."""
    followed = {issue.risk for issue in project.issues}
    for risk in project.risks:
        if risk.occurred and risk.kind == "threat" and risk.id not in followed:
            place = where.place("risks", risk.id, "occurred")
            hint = f"write the issue with `risk: {risk.id}`"
            yield Problem("DB267", f"risk {risk.id} occurred, but no issue says so", place, hint, "warning")


def check_responses(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each open threat of the highest band whose response has neither a task nor a day."""
    day, scales = project.as_of, project.settings.scales
    for risk in project.risks:
        level = risk.level_on(day)
        planned = bool(risk.tasks or risk.due) or risk.strategy == "accept"
        high = bool(level) and scales.level_name(level) == "high"
        if risk.kind == "threat" and risk.open_on(day) and high and not planned:
            message = f"the response to risk {risk.id} (level {level}) has neither a task nor a day"
            hint = "name the tasks that carry it out under `tasks`, or give `due`"
            yield Problem("DB265", message, where.place("risks", risk.id, "response"), hint, "warning")
