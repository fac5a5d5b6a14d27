"""Take pairs of dates that belong together; check that the earlier is not after the later; give problems."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.model.base import natural
from pipeline.model.facts import NotBefore
from pipeline.model.project import Project
from pipeline.model.rules.common import each_fact, name_record
from pipeline.model.where import Where
from pipeline.problems import Problem


def check_date_order(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each pair of dates that is the wrong way round."""
    for kind, id, found in each_fact(project, NotBefore):
        earlier = found.beside(found.fact.field)
        if earlier is not None and found.value is not None and found.value < earlier:
            first = found.name_beside(found.fact.field)
            message = f"{name_record(kind, id)}: `{found.name}` ({found.value}) is before `{first}` ({earlier})"
            yield Problem("DB230", message, where.place(kind, id, *found.steps))


def check_assessments(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each assessment of a risk that is not after the one before, or before the risk was raised."""
    for risk in project.risks:
        days = [risk.raised, *(assessment.date for assessment in risk.assessments)]
        for position, (before, day) in enumerate(pairwise(days)):
            # Raised and assessed on one day is usual; two assessments on one day leave open which of them counts.
            if day < before or (position and day == before):
                message = f"risk {risk.id}: assessment of {day} does not come after {before}"
                place = where.place("risks", risk.id, "assessments", position, "date")
                yield Problem("DB230", message, place, "write the oldest assessment first")


def check_revisions(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each revision that is not older than the one above it."""
    for path, narrative in project.narratives.items():
        for position, (newer, older) in enumerate(pairwise(narrative.meta.revisions), start=1):
            if older.date > newer.date or natural(older.version) >= natural(newer.version):
                message = f"revision {older.version} of {older.date} stands below {newer.version} of {newer.date}"
                place = where.place("narratives", path, "revisions", position)
                yield Problem("DB245", message, place, "write the newest revision first, each version once")
