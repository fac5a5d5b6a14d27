"""Take rows, or a user's own spec, from a template; make the charts that it asks for; give tokens for the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, get_args

from markupsafe import Markup

from pipeline.document.tree import Block, Figure, Paragraph, Text
from pipeline.render.chart_files import OwnChart, find_caller, read_own
from pipeline.render.charts.bars import make_bars
from pipeline.render.charts.baseline_timeline import make_baseline_timeline
from pipeline.render.charts.budget_bars import make_budget_bars
from pipeline.render.charts.canvas import Chart, Look
from pipeline.render.charts.cash_flow import make_cash_flow
from pipeline.render.charts.engagement import make_engagement
from pipeline.render.charts.gantt import make_gantt
from pipeline.render.charts.line import make_line
from pipeline.render.charts.milestone_trend import make_milestone_trend
from pipeline.render.charts.monte_carlo import make_monte_carlo
from pipeline.render.charts.power_interest import make_power_interest
from pipeline.render.charts.rasci import make_rasci
from pipeline.render.charts.resource_histogram import make_resource_histogram
from pipeline.render.charts.risk_heat_map import make_risk_heat_map
from pipeline.render.charts.rows import TooLittle, read_day
from pipeline.render.charts.s_curve import make_s_curve
from pipeline.render.charts.tornado import make_tornado
from pipeline.render.page import Page
from pipeline.render.templates.doctypes import ChartData
from pipeline.render.words import Words

_CHART = 5000  # what making a chart costs beside its length, in characters
Charts = Chart | tuple[Chart, ...]


@dataclass(frozen=True)
class ChartFunctions:
    """The charts of one document: in its look and language; `data` says whether their figures stand in an annex.

    Each function takes besides: `caption`, the finding of the chart itself where none is given, none where it is "";
    `id` for references; `alt`, written from the figures where none is given; `data`, `annex` or `none`.
    """

    page: Page
    words: Words
    look: Callable[[], Look]
    levels: Callable[[int], str]
    put: Callable[..., Markup]
    data: ChartData = "annex"

    def names(self) -> dict[str, Any]:
        """Return the functions by the names that templates call: all of this class that are not private."""
        found = (name for name, one in vars(type(self)).items() if callable(one) and not name.startswith("_"))
        return {name: getattr(self, name) for name in found if name != "names"}

    def chart(self, spec: Any, alt: str = "", caption: str = "", id: str = "", data: str = "") -> Markup:
        """Put a chart of your own: a Vega-Lite spec, or the path of a YAML or JSON file with one."""
        made = read_own(spec, str(alt), self.page, self.words, self.look())
        return self.put(self._figure(made, str(caption), id, str(alt), data)) if made else Markup("")

    def gantt(self, tasks: Iterable[Any], status_date: Any = None, **settings: Any) -> Markup:
        """Put a Gantt chart: each {title, start, finish, baseline_start, baseline_finish, complete, critical, …}."""
        return self._show(lambda look: make_gantt(tasks, look, self.words, status_date=_day(status_date)), **settings)

    def milestone_trend(self, reports: Iterable[Any], **settings: Any) -> Markup:
        """Put a milestone trend chart: each {title, reported, forecast, reached}, what a report foresaw for one."""
        return self._show(lambda look: make_milestone_trend(reports, look, self.words), **settings)

    def s_curve(self, days: Iterable[Any], status_date: Any = None, **settings: Any) -> Markup:
        """Put the S-curve of earned value: each {date, pv, ev, ac, forecast}, cumulated amounts."""
        return self._show(lambda look: make_s_curve(days, look, self.words, status_date=_day(status_date)), **settings)

    def budget_bars(self, lines: Iterable[Any], **settings: Any) -> Markup:
        """Put bars of the budget: each {title, budget, actual, forecast}."""
        return self._show(lambda look: make_budget_bars(lines, look, self.words), **settings)

    def resource_histogram(self, periods: Iterable[Any], unit: str = "", **settings: Any) -> Markup:
        """Put a resource histogram: each {start, load, capacity, resource}, a band a resource."""
        return self._show(lambda look: make_resource_histogram(periods, look, self.words, unit=str(unit)), **settings)

    def risk_heat_map(self, risks: Iterable[Any], **settings: Any) -> Markup:
        """Put the risk heat map: each {id, title, likelihood, impact, before_likelihood, before_impact}."""
        return self._show(lambda look: make_risk_heat_map(risks, look, self.words, levels=self.levels), **settings)

    def power_interest_chart(self, stakeholders: Iterable[Any], **settings: Any) -> Markup:
        """Put the grid of power and interest as a chart: each {id, name, power, interest, gap}."""
        return self._show(lambda look: make_power_interest(stakeholders, look, self.words), **settings)

    def engagement_chart(self, stakeholders: Iterable[Any], **settings: Any) -> Markup:
        """Put current and desired engagement as a chart: each {id, name, current, desired}."""
        return self._show(lambda look: make_engagement(stakeholders, look, self.words), **settings)

    def rasci_chart(self, activities: Iterable[Any], **settings: Any) -> Markup:
        """Put a RASCI grid: each {title, roles}, `roles` a mapping of role to letters such as `A/R`."""
        return self._show(lambda look: make_rasci(activities, look, self.words), **settings)

    def probability_curve(self, points: Iterable[Any], plan: Any = None, unit: str = "", **settings: Any) -> Markup:
        """Put the curve of a simulation: each {value, probability}, the chance in percent not to exceed the value."""
        return self._show(
            lambda look: make_monte_carlo(points, look, self.words, plan=_value(plan), unit=str(unit)), **settings
        )

    def tornado(
        self, assumptions: Iterable[Any], base: Any, outcome: str = "", unit: str | None = None, **settings: Any
    ) -> Markup:
        """Put a tornado chart around `base`: each {title, low, high, low_label, high_label}, outcomes at both ends."""
        return self._show(
            lambda look: make_tornado(assumptions, look, self.words, base=base, unit=unit, outcome=str(outcome)),
            **settings,
        )

    def cash_flow(self, flows: Iterable[Any], **settings: Any) -> Markup:
        """Put the cumulated cash flow of options: each {option, year, amount, chosen}, an amount a year."""
        return self._show(lambda look: make_cash_flow(flows, look, self.words), **settings)

    def baseline_timeline(self, baselines: Iterable[Any], **settings: Any) -> Markup:
        """Put baselines over time: each {name, date, documents, moved}, documents there and changed since the last."""
        return self._show(lambda look: make_baseline_timeline(baselines, look, self.words), **settings)

    def bars(
        self,
        rows: Iterable[Any],
        label: str = "title",
        value: str = "value",
        format: str = "number",
        title: str = "",
        emphasis: Sequence[str] = (),
        **settings: Any,
    ) -> Markup:
        """Put bars of any figures: `label` and `value` are paths into the rows, `emphasis` the bars to stress."""
        how: dict[str, Any] = {"label": label, "value": value, "format": format, "title": title, "emphasis": emphasis}
        return self._show(lambda look: make_bars(rows, look, self.words, **how), **settings)

    def line(
        self,
        rows: Iterable[Any],
        x: str = "date",
        y: Sequence[str] | str = "value",
        names: Sequence[str] = (),
        unit: str = "",
        status_date: Any = None,
        **settings: Any,
    ) -> Markup:
        """Put lines of any figures by day: `x` is the path of the day, `y` of a figure or several, `names` theirs."""
        how: dict[str, Any] = {"x": x, "y": y, "names": names, "unit": unit, "status_date": _day(status_date)}
        return self._show(lambda look: make_line(rows, look, self.words, **how), **settings)

    def _show(
        self,
        make: Callable[[Look], Charts],
        caption: str | None = None,
        id: str = "",
        alt: str = "",
        data: str = "",
        empty: str = "",
    ) -> Markup:
        """Put what is made: figures, or the sentence `empty` where there is too little to draw."""
        try:
            made = make(self.look())
        except TooLittle:
            return self.put(Paragraph((Text(str(empty) or self.words.say("There is nothing to draw yet.")),)))
        charts = made if isinstance(made, tuple) else (made,)
        self.page.budget.spend(sum(_CHART + len(chart.spec) for chart in charts))
        return self.put(
            *(self._part(chart, at, len(charts), caption, id, alt, data) for at, chart in enumerate(charts))
        )

    def _part(self, chart: Chart, at: int, count: int, caption: str | None, id: str, alt: str, data: str) -> Block:
        words = chart.finding if caption is None else str(caption)
        if words and count > 1:
            part = self.words.say("part %(part)s of %(parts)s", part=at + 1, parts=count)
            words = f"{words.rstrip('.')} ({part})"
        return self._figure(chart, words, id if at == 0 or not id else f"{id}-{at + 1}", str(alt) or chart.alt, data)

    def _figure(self, chart: Chart | OwnChart, caption: str, id: str, alt: str, data: str) -> Block:
        shown = (Text(caption),) if caption else ()
        annex = _choose(data or self.data) == "annex"
        # A figure without a caption has no number: its data refer to it by its name alone.
        id = str(id) or ("" if caption else f"chart-{sha256(chart.spec.encode()).hexdigest()[:8]}")
        return Figure(
            "",
            alt,
            shown,
            id=id,
            width=chart.width,
            height=chart.height,
            place=find_caller(self.page),
            chart=chart.spec,
            data=chart.data,
            annex=annex and chart.data is not None,
        )


def _choose(data: str) -> str:
    if data not in get_args(ChartData):
        raise ValueError(f"the data of a chart are `{'` or `'.join(get_args(ChartData))}`, not `{data}`")
    return data


def _value(value: Any) -> Any:
    """Return what a computed figure holds, other values as they are."""
    return getattr(value, "value", value) if type(value).__name__ == "Measured" else value


def _day(value: Any) -> date | None:
    try:
        return None if _value(value) is None else read_day(_value(value))
    except TypeError:
        raise ValueError("`status_date` is not a date") from None
