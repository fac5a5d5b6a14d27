"""Take a project's business case; check options, weights, years, price terms and drivers; give problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pipeline.model.business_case import CATEGORIES, BenefitItem, BusinessCase, CostItem, Option
from pipeline.model.project import Project
from pipeline.model.where import Steps, Where
from pipeline.problems import Problem, did_you_mean

SUBJECT = "business_case"
LEAST_YEARS = 5
HUNDRED = Decimal(100)
# What a driver may name besides the ids of costs and benefits.
DRIVERS = ("rate", "costs", "benefits", "residual_value", "financial", "social", *CATEGORIES)

Item = CostItem | BenefitItem


def check_choice(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem unless exactly one option is chosen and at most one is to do nothing (PM²: option A)."""
    case = project.business_case
    if case is None or not case.options:
        return
    chosen = [option.id for option in case.options if option.chosen]
    nothing = [option.id for option in case.options if option.do_nothing]
    if not chosen:
        place = where.place(SUBJECT, "", "options")
        yield Problem("DB280", "no option is chosen", place, "write `chosen: true` in one of them")
    if not nothing:
        message = "no option is to do nothing, so nothing is there to compare the others with"
        hint = "write down what happens if nothing is done, with `do_nothing: true`"
        yield Problem("DB282", message, where.place(SUBJECT, "", "options"), hint, "warning")
    yield from _repeats("DB280", "chosen", chosen, where)
    yield from _repeats("DB281", "do_nothing", nothing, where)


def _repeats(code: str, field: str, ids: list[str], where: Where) -> Iterator[Problem]:
    for id in ids[1:]:
        message = f"option {ids[0]} has `{field}: true`, and so has option {id}"
        yield Problem(code, message, where.place("options", id, field), "keep it in one of them")


def check_weights(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem if the weights of the criteria do not sum to 100 percent."""
    case = project.business_case
    total = sum((criterion.weight for criterion in case.criteria), Decimal(0)) if case else HUNDRED
    if case and case.criteria and total != HUNDRED:
        place = where.place(SUBJECT, "", "criteria")
        yield Problem("DB283", f"the weights of the criteria sum to {total.normalize():f}, not to 100", place)


def check_scores(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each criterion that an option does not score."""
    case = project.business_case
    known = tuple(criterion.id for criterion in case.criteria) if case else ()
    for option in case.options if case else ():
        missing = [id for id in known if id not in option.scores]
        if missing:
            message = f"option {option.id} has no score for {', '.join(missing)}"
            yield Problem("DB284", message, where.place("options", option.id), "score it under `scores`, from 1 to 5")


def check_years(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each amount outside the horizon: it would count nowhere."""
    case = project.business_case
    for option, steps, item in _items(case):
        for year in item.years:
            if case and year not in case.years:
                message = (
                    f"option {option.id}: `{item.title}` has {year}; the horizon is {case.years[0]} to {case.years[-1]}"
                )
                place = where.place("options", option.id, *steps, "years", year, key=True)
                yield Problem("DB285", message, place, "move the amount, or lengthen `horizon`")


def check_terms(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem where something is nominal and nothing says how prices rise, or from another year on.

    A rate and prices of different terms cannot be brought together without inflation: an error. Where both are nominal
    the figures can be computed, but nobody can put them into prices of the price base: a warning.
    """
    case = project.business_case
    if case is None:
        return
    terms = {case.discount_rate.terms, case.prices}
    if case.inflation is None and "nominal" in terms:
        place = where.place(SUBJECT, "", "discount_rate", "terms")
        hint = "add `inflation: {percent: …, base: …}`, or give both in real terms"
        if len(terms) > 1:
            message = f"the discount rate is {case.discount_rate.terms}, prices are {case.prices}, without inflation"
            yield Problem("DB286", message, place, hint)
        else:
            message = f"discount rate and prices are nominal, and nothing relates them to prices of {case.price_base}"
            yield Problem("DB291", message, place, hint, "warning")
    if case.inflation is not None and case.inflation.base != case.price_base:
        message = f"inflation counts from {case.inflation.base}, the amounts are in prices of {case.price_base}"
        yield Problem("DB287", message, where.place(SUBJECT, "", "inflation", "base"), "give both the same year")


def check_horizon(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a warning for a horizon under five years: what an ICT system costs to own is not seen before."""
    case = project.business_case
    if case and case.horizon < LEAST_YEARS:
        message = f"the horizon is {case.horizon} years; the cost of ownership wants at least {LEAST_YEARS}"
        yield Problem("DB288", message, where.place(SUBJECT, "", "horizon"), severity="warning")


def check_items(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each id used twice within one option."""
    used: Counter[tuple[str, str]] = Counter()
    for option, steps, item in _items(project.business_case):
        used[option.id, item.id or ""] += 1
        if item.id and used[option.id, item.id] > 1:
            message = f"option {option.id} has two costs or benefits with the id {item.id}"
            yield Problem(
                "DB211", message, where.place("options", option.id, *steps, "id"), "give one of them a new id"
            )


def check_drivers(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each driver that is unknown or given twice, and a warning for one that moves nothing."""
    case = project.business_case
    if case is None:
        return
    known = {*DRIVERS, *(item.id for _, _, item in _items(case) if item.id)}
    seen: set[str] = set()
    for position, driver in enumerate(case.sensitivity):
        fault = _driver_fault(case, driver.driver, known, seen)
        seen.add(driver.driver)
        if fault:
            yield replace(fault, place=where.place(SUBJECT, "", "sensitivity", position, "driver"))


def _driver_fault(case: BusinessCase, name: str, known: set[str], seen: set[str]) -> Problem | None:
    if name not in known:
        hint = did_you_mean(name, known) or f"write one of {', '.join(DRIVERS)}, or the id of a cost or benefit"
        return Problem("DB289", f"there is no driver `{name[:40]}`", hint=hint)
    if name in seen:
        return Problem("DB289", f"the driver `{name}` is given twice", hint="keep one of them")
    if case.chosen and name not in _moved(case, case.chosen):
        message = f"the driver `{name}` moves nothing in option {case.chosen.id}, which is chosen"
        hint = "take it out, or give the amounts that it is to move"
        return Problem("DB290", message, hint=hint, severity="warning")
    return None


def _moved(case: BusinessCase, option: Option) -> set[str]:
    """Return the drivers that move an amount of an option."""
    moved = {"rate"} if case.discount_rate.percent else set()
    if option.residual_value:
        moved |= {"benefits", "financial", "residual_value"}
    for _, _, item in _items(case, option):
        if any(item.years.values()):
            own = {"costs", item.category} if isinstance(item, CostItem) else {"benefits", item.kind}
            moved |= {*own, item.id or ""}
    return moved


def _items(case: BusinessCase | None, only: Option | None = None) -> Iterator[tuple[Option, Steps, Item]]:
    """Yield each cost and benefit with its option and the way to it in there."""
    for option in case.options if case else ():
        if only is None or option.id == only.id:
            yield from ((option, ("costs", at), item) for at, item in enumerate(option.costs))
            yield from ((option, ("benefits", at), item) for at, item in enumerate(option.benefits))
