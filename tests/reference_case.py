"""Take the business case of the sample as templates see it; say what each name means; give one Markdown table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reference_values import sample_names

from pipeline.model.business_case import BusinessCase, Option
from pipeline.render.views.records import Record

_VALUE = {
    "npv": "net present value",
    "irr": "internal rate of return, in percent, where there is exactly one",
    "irrs": "all internal rates of return",
    "mirr": "modified internal rate of return, in percent",
    "bcr": "benefit-cost ratio",
    "payback": "payback in years from now",
    "discounted_payback": "payback of the present values",
    "roi": "return on investment, in percent",
    "tco": "total cost of ownership",
    "gains": "sum of the benefits, not discounted",
    "pv_costs": "present value of the costs",
    "pv_benefits": "present value of the benefits",
}
CASE = {
    "chosen": "the option that is taken",
    "baseline": "the option that does nothing, if there is one",
    "start": "first year of the horizon, as a text",
    "end": "last year of the horizon",
    "price_base": "year of the prices, as a text",
    "years": "the years of the horizon, as texts",
    "year_parts": "the same in groups of twelve at most, for wide tables",
    "factors": "what presses from outside, each with `field` and `text`",
    "rate": "discount rate with its sign: `4 %`",
    "rise": "inflation likewise, nothing without one",
    "outlay_rate": "`finance_rate` likewise",
    "return_rate": "`reinvestment_rate` likewise",
}
OPTION = {
    "place": "Chosen, Do nothing or Considered",
    "lines": "its costs and benefits as given: `title`, `side`, `group`, `total` and each year",
    "net": "benefits less costs as given: `total` and each year",
    "swot_rows": "its SWOT side by side: `strengths`, `weaknesses`, `opportunities`, `threats`",
}
APPRAISAL = {
    "options": "the options, by letter: `appraisal.options['B'].npv`",
    "chosen": "the option that is taken",
    "ranking": "the options, the highest net present value first",
    "flows": "each year of each option, for charts: `option`, `chosen`, `year`, `amount` (net), `costs`, `benefits`",
    "sensitivity": "the drivers, the widest span first",
    "table": "a row a figure, a text an option; `figure` is its name",
    "financial": "the same with financial benefits alone",
    "compared": "the same for the difference to doing nothing",
    "categories": "cost of ownership, a row a `category`, an amount an option",
    "owned": "its totals",
    "scores": "a row a criterion (`title`, `weight`), a score an option",
    "score": "the weighted scores",
    "gaps": "figures that are not there: `option`, `figures`, `reason`",
}
APPRAISED = {
    **_VALUE,
    "id": "letter of the option",
    "title": "its title",
    "chosen": "whether it is taken",
    "do_nothing": "whether it does nothing",
    "rank": "rank by net present value",
    "score": "weighted score, 1 to 5",
    "break_even": "calendar year in which the outlay is recovered, as a text",
    "years": "a row a year",
    "profile": "net present value (`npv`) by `rate`",
    "financial": "the figures with financial benefits alone: `financial.npv`",
    "gain": "the figures of the difference to doing nothing: `gain.npv`; nothing for that option itself",
}
YEAR = {
    "year": "the calendar year, as a text",
    "costs": "costs of the year",
    "benefits": "benefits of the year",
    "net": "benefits less costs",
    "cumulative": "their sum so far",
    "factor": "what one unit of money of that year is worth now, as a text",
    "present": "present value of `net`",
    "cumulative_present": "their sum so far",
}
DRIVER = {
    "driver": "the driver as written",
    "title": "the same in words",
    "percent": "how far it is moved",
    "change": "the same as a text: `±20`",
    "low_label": "what it is when moved down: `−20 %`, for the rate the rate itself",
    "high_label": "what it is when moved up",
    "base": "sum of what it moves in the chosen option; the rate itself",
    "low": "net present value with the driver moved down",
    "high": "net present value with the driver moved up",
    "span": "difference between the two",
    "switching": "change in percent at which the net present value is zero",
    "best_low": "option that is worth most with the driver moved down",
    "best_high": "option that is worth most with the driver moved up",
    "best": "both in one text",
}


def appraisal_table() -> str:
    """Return the table of all names of a business case and its appraisal beyond the fields of the file."""
    names = sample_names()
    case, appraisal = names["business_case"], names["appraisal"]
    chosen = appraisal.chosen
    parts: tuple[tuple[str, Record, Iterable[str], Mapping[str, str]], ...] = (
        ("business_case", case, set(BusinessCase.model_fields) - set(CASE), CASE),
        ("business_case.options[]", case.chosen, Option.model_fields, OPTION),
        ("appraisal", appraisal, (), APPRAISAL),
        ("appraisal.options[]", chosen, (), APPRAISED),
        ("appraisal.options[].years[]", chosen.years[0], (), YEAR),
        ("appraisal.sensitivity[]", appraisal.sensitivity[0], (), DRIVER),
    )
    lines = ["| Name | Meaning |", "|---|---|"]
    for name, record, written, meanings in parts:
        _compare(name, record, written, meanings)
        lines += [f"| `{name}.{field}` | {meaning} |" for field, meaning in meanings.items()]
    return "\n".join(lines)


def _compare(name: str, record: Any, written: Iterable[str], meanings: Mapping[str, str]) -> None:
    known = set(dir(record)) - set(written)
    told = set(meanings)
    assert known == told, f"tests/reference_case.py: {name} has {known - told}, the table has {told - known}"
