"""Take registers and prose as of the project's day; look for what nobody keeps up; give problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.model.project import Project
from pipeline.model.subjects import REGISTERS
from pipeline.model.where import Where
from pipeline.problems import Place, Problem

_AMOUNT = re.compile(r"(?<![\w.,{-])\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?:\.\d{2})?(?![\w,]|\.\d)")
_NO_PROSE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|`[^`\n]*`|<!--.*?-->", re.DOTALL)
_SMALLEST = 1_000


def check_reviewed(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each open risk that nobody has reviewed for longer than the settings allow."""
    longest, day = project.settings.scales.review_days, project.as_of
    for risk in project.risks:
        age = (day - risk.reviewed).days
        if risk.open_on(day) and age > longest:
            message = f"risk {risk.id} was last reviewed {age} days before {day}; {longest} are allowed"
            hint = "review it and give `reviewed`, or close it"
            yield Problem("DB263", message, where.place("risks", risk.id, "reviewed"), hint, "warning")


def check_appetite(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each open threat above the risk appetite that is just accepted."""
    appetite, day = project.settings.scales.appetite, project.as_of
    for risk in project.risks:
        level = risk.level_on(day)
        if appetite and risk.kind == "threat" and risk.strategy == "accept" and risk.open_on(day) and level > appetite:
            message = f"risk {risk.id} is accepted at level {level}; the appetite ends at {appetite}"
            hint = "choose another strategy, or have the appetite changed in deedbox.yaml"
            yield Problem("DB264", message, where.place("risks", risk.id, "strategy"), hint, "warning")


def check_empty_registers(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each register whose file lists nothing."""
    keys = {subject.name for subject in REGISTERS}
    for source in where.sources:
        values = source.yaml.value
        if source.subject in keys and not source.name and isinstance(values, dict) and values.get(source.subject) == []:
            message = f"the register {source.path.rpartition('/')[2]} is empty"
            hint = "write its first record, or delete the file until there is one"
            yield Problem("DB268", message, source.yaml.place((source.subject,)), hint, "warning")


def check_funding(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning if the funding does not cover the budget with its contingency."""
    budget = project.budget
    if budget and budget.funding and budget.funded < budget.total:
        message = f"funding is {budget.funded:,}, the budget with contingency {budget.total:,}"
        place = where.place("budget", "", "funding")
        yield Problem("DB269", message, place, "add the missing source, or cut the budget", "warning")


def check_typed_amounts(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for each amount in prose that repeats a figure of the budget (catalogue rule 9)."""
    known = _budget_figures(project)
    for narrative in project.narratives.values() if known else ():
        text = _NO_PROSE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), narrative.body)
        for number, line in enumerate(text.split("\n")):
            for match in _AMOUNT.finditer(line):
                name = known.get(Decimal(re.sub(r"[^\d.]", "", match.group())))
                if name:
                    place = Place(narrative.path, narrative.body_line + number, match.start() + 1)
                    message = f"{match.group()} is {name}, typed a second time"
                    yield Problem("DB270", message, place, f"write {{{{ {name} | money }}}}", "warning")


def _budget_figures(project: Project) -> dict[Decimal, str]:
    """Return the budget's own figures by amount; an amount that two of them share names the first."""
    if not project.budget:
        return {}
    names = ("total", "lines_total", "contingency", "reserve")
    figures = {getattr(project.budget, name): f"project.budget.{name}" for name in reversed(names)}
    return {amount: name for amount, name in figures.items() if amount >= _SMALLEST}
