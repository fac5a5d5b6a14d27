"""Take a view of a project with a business case; lay out the case and its appraisal for templates; give two names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from pipeline.controls.appraisal import RATE, Appraisal, OptionRow, SensitivityRow, Value, YearRow, compute_appraisal
from pipeline.model.business_case import CATEGORIES, BenefitItem, BusinessCase, CostItem, Option
from pipeline.render.views.records import Lazy, Record, Records
from pipeline.render.views.viewer import Viewer
from pipeline.render.words import Words

SUBJECT = "business_case"
BLANK = "\u00a0"  # a cell in which nothing is missing; an empty text would be a dash
MOST_YEARS = 12  # that a landscape page bears side by side
SWOT = ("strengths", "weaknesses", "opportunities", "threats")

Write = Callable[[Words, Any], str]
_TWO_DECIMALS: Write = lambda words, value: words.number(value, 2)  # noqa: E731
_RATE: Write = lambda words, value: words.percent(value, 1)  # noqa: E731
# The figures of an option in the order of a table, each with its name and how it is written there.
_FIGURES: Mapping[str, tuple[str, Write]] = {
    "npv": ("Net present value", Words.amount),
    "bcr": ("Benefit-cost ratio", _TWO_DECIMALS),
    "irr": ("Internal rate of return", _RATE),
    "mirr": ("Modified internal rate of return", _RATE),
    "payback": ("Payback", Words.years),
    "discounted_payback": ("Discounted payback", Words.years),
    "roi": ("Return on investment", Words.percent),
    "pv_benefits": ("Present value of benefits", Words.amount),
    "pv_costs": ("Present value of costs", Words.amount),
    "tco": ("Total cost of ownership", Words.amount),
}
_DRIVERS = {
    "rate": "Discount rate",
    "costs": "All costs",
    "benefits": "All benefits",
    "financial": "Financial benefits",
    "social": "Social benefits",
}
_SHORT = {name: _FIGURES[name] for name in ("npv", "bcr", "irr", "payback", "discounted_payback", "tco")}
_COMPARED = _SHORT | {"tco": ("Additional cost of ownership", Words.amount)}


def name_business_case(view: Viewer) -> dict[str, Lazy]:
    """Return the names `business_case` and `appraisal`; both are records without fields where there is no case."""
    case = view.figures.project.business_case
    if case is None:
        return {name: view.lazy(partial(Record, name, {}), SUBJECT) for name in (SUBJECT, "appraisal")}
    return {
        SUBJECT: view.lazy(lambda: _show_case(view, case), SUBJECT),
        "appraisal": view.lazy(lambda: _show_appraisal(view, case), SUBJECT),
    }


def _extend(name: str, record: Record, more: Mapping[str, Any]) -> Record:
    return Record(name, {**{field: getattr(record, field) for field in dir(record)}, **more})


def _show_case(view: Viewer, case: BusinessCase) -> Record:
    """Return the business case; years are texts, so that none is written as an amount: 2,026."""
    options = {option.id: _show_option(view, case, option) for option in case.options}
    years = tuple(map(str, case.years))
    more = {
        "options": Records("options", tuple(options.values())),
        "start": years[0],
        "end": years[-1],
        "price_base": str(case.price_base),
        "years": years,
        "year_parts": tuple(years[at : at + MOST_YEARS] for at in range(0, len(years), MOST_YEARS)),
        "chosen": options[case.chosen.id] if case.chosen else None,
        "baseline": options[case.baseline.id] if case.baseline else None,
        "factors": tuple(_factors(case)),
        "rate": _percent(view.words, case.discount_rate.percent),
        "rise": _percent(view.words, case.inflation.percent if case.inflation else None),
        "outlay_rate": _percent(view.words, case.finance_rate),
        "return_rate": _percent(view.words, case.reinvestment_rate),
    }
    return _extend(SUBJECT, view.show(case), more)


def _percent(words: Words, rate: Decimal | None) -> str | None:
    """Return a rate with as many decimals as it has, `4 %`; None without one."""
    return None if rate is None else f"{words.number(rate)}\u00a0%"


def _factors(case: BusinessCase) -> Iterator[Record]:
    """Yield what presses from outside, a record each, in the order of PESTEL."""
    for field in type(case.pestel).model_fields:
        for text in getattr(case.pestel, field):
            yield Record("factor", {"field": field, "text": text})


def _show_option(view: Viewer, case: BusinessCase, option: Option) -> Record:
    """Return an option; `lines` are its costs and benefits as given, `swot_rows` its SWOT in four columns."""
    lines = [_show_line(case, "cost", cost, cost.category) for cost in option.costs]
    lines += [_show_line(case, "benefit", benefit, benefit.kind) for benefit in option.benefits]
    place = "Chosen" if option.chosen else "Do nothing" if option.do_nothing else "Considered"
    more = {
        "lines": Records("lines", tuple(lines)),
        "net": _net(view.words, case, option),
        "place": view.words.say(place),
    }
    return _extend("option", view.show(option), {**more, "swot_rows": tuple(_swot_rows(option))})


def _swot_rows(option: Option) -> Iterator[Record]:
    sides = {side: getattr(option.swot, side) for side in SWOT}
    for at in range(max(map(len, sides.values()))):
        yield Record("swot", {side: listed[at] if at < len(listed) else BLANK for side, listed in sides.items()})


def _net(words: Words, case: BusinessCase, option: Option) -> Record:
    """Return benefits less costs as given, a field a year."""
    years = {
        str(year): sum(gain.years.get(year, 0) for gain in option.benefits)
        - sum(cost.years.get(year, 0) for cost in option.costs)
        for year in case.years
    }
    return Record(
        "net", {"title": words.say("Benefits less costs"), "group": BLANK, "total": sum(years.values()), **years}
    )


def _show_line(case: BusinessCase, side: str, item: CostItem | BenefitItem, group: str) -> Record:
    years = {str(year): item.years.get(year) for year in case.years}
    total = sum(item.years.values())
    return Record("line", {"title": item.title, "side": side, "group": group, "total": total, **years})


def _show_appraisal(view: Viewer, case: BusinessCase) -> Record:
    appraisal, words = view.figures.appraisal or compute_appraisal(case), view.words
    options = {row.option.id: _show_row(view, row) for row in appraisal.options}
    chosen = appraisal.chosen
    return Record(
        "appraisal",
        {
            "options": Records("options", tuple(options.values())),
            "chosen": options[chosen.option.id] if chosen else None,
            "ranking": tuple(options[row.option.id] for row in appraisal.ranking),
            "flows": tuple(_flows(view.words, appraisal)),
            "sensitivity": tuple(_show_driver(view, case, row) for row in appraisal.sensitivity),
            "table": _table(words, _FIGURES, {row.option.id: row.value for row in appraisal.options}),
            "compared": _table(words, _COMPARED, {row.option.id: row.gain for row in appraisal.options}),
            "financial": _table(words, _SHORT, {row.option.id: row.financial for row in appraisal.options}),
            "categories": _by_category(appraisal),
            "owned": _owned(words, appraisal),
            "scores": _scores(case, appraisal),
            "score": _score(words, appraisal),
            "gaps": tuple(_gaps(words, appraisal)),
        },
    )


def _show_row(view: Viewer, row: OptionRow) -> Record:
    """Return an option's figures by their standard names, beside its rank, score, years and comparisons."""
    option = row.option
    more = {
        "id": option.id,
        "title": option.title,
        "chosen": option.chosen,
        "do_nothing": option.do_nothing,
        "rank": row.rank,
        "score": row.score,
        "break_even": str(row.break_even) if row.break_even else None,
        "financial": view.show(row.financial),
        "gain": view.show(row.gain),
        "years": tuple(_show_year(view, year) for year in row.years),
        "profile": tuple(view.show(point) for point in row.profile),
    }
    return _extend("option", view.show(row.value), more)


def _flows(words: Words, appraisal: Appraisal) -> Iterator[Record]:
    """Yield each year of each option, for charts: `amount` is the net flow, not discounted."""
    for row in appraisal.options:
        name = f"{row.option.id} {row.option.title}"
        for year in row.years:
            amounts = {"amount": year.net, "costs": year.costs, "benefits": year.benefits}
            yield Record("flow", {"option": name, "chosen": row.option.chosen, "year": year.year, **amounts})


def _show_year(view: Viewer, row: YearRow) -> Record:
    return _extend("year", view.show(row), {"year": str(row.year), "factor": view.words.number(row.factor, 4)})


def _show_driver(view: Viewer, case: BusinessCase, row: SensitivityRow) -> Record:
    """Return a driver with its name in words, how far it is moved, and which option is the best then.

    The rate's labels are the two rates, those of the others the change in percent.
    """
    words, best = view.words, dict.fromkeys((row.best_low, row.best_high))
    change = row.percent * row.base / 100
    rates = (_percent(words, row.base - change), _percent(words, row.base + change))
    moved = _percent(words, row.percent)
    low, high = rates if row.driver == RATE else (f"−{moved}", f"+{moved}")
    more = {
        "title": words.term(_DRIVERS.get(row.driver) or _item_titles(case).get(row.driver) or row.driver),
        "change": f"±{words.number(row.percent)}",
        "low_label": low,
        "high_label": high,
        "best": " / ".join(best),
    }
    return _extend("driver", view.show(row), more)


def _item_titles(case: BusinessCase) -> dict[str, str]:
    costs = {cost.id: cost.title for option in case.options for cost in option.costs if cost.id}
    return costs | {gain.id: gain.title for option in case.options for gain in option.benefits if gain.id}


def _table(
    words: Words, names: Mapping[str, tuple[str, Write]], values: Mapping[str, Value | None]
) -> tuple[Record, ...]:
    """Return a row a figure, a field an option, written as texts; nothing where a figure is not defined."""
    rows = []
    for name, (title, write) in names.items():
        found = {id: getattr(value, name).value for id, value in values.items() if value is not None}
        cells = {id: "" if number is None else write(words, number) for id, number in found.items()}
        rows.append(Record("figure", {"figure": words.say(title), **dict.fromkeys(values, ""), **cells}))
    return tuple(rows)


def _by_category(appraisal: Appraisal) -> tuple[Record, ...]:
    """Return the total cost of ownership, a row a category, a field an option."""
    used = [name for name in CATEGORIES if any(name in row.categories for row in appraisal.options)]
    return tuple(
        Record("category", {"category": name, **{row.option.id: row.categories.get(name) for row in appraisal.options}})
        for name in used
    )


def _owned(words: Words, appraisal: Appraisal) -> Record:
    """Return the total cost of ownership, a field an option."""
    totals = {row.option.id: row.value.tco.value for row in appraisal.options}
    return Record("category", {"category": words.say("Total cost of ownership"), **totals})


def _scores(case: BusinessCase, appraisal: Appraisal) -> tuple[Record, ...]:
    """Return the scores, a row a criterion, a field an option."""
    return tuple(
        Record(
            "criterion",
            {"title": one.title, "weight": one.weight}
            | {row.option.id: row.option.scores.get(one.id) for row in appraisal.options},
        )
        for one in case.criteria
    )


def _score(words: Words, appraisal: Appraisal) -> Record:
    """Return the weighted scores, a field an option, as texts."""
    scores = {row.option.id: "" if row.score is None else words.number(row.score, 2) for row in appraisal.options}
    return Record("score", {"title": words.say("Weighted score"), "weight": 100, **scores})


def _gaps(words: Words, appraisal: Appraisal) -> Iterator[Record]:
    """Yield for each option and reason the figures that are not defined for it."""
    for row in appraisal.options:
        reasons: dict[str, list[str]] = {}
        for name, (title, _) in _FIGURES.items():
            figure = getattr(row.value, name)
            if figure.value is None:
                reasons.setdefault(figure.reason, []).append(words.say(title))
        for reason, titles in reasons.items():
            yield Record("gap", {"option": row.option.id, "figures": tuple(titles), "reason": words.say(reason)})
