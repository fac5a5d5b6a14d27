"""Take nothing; list every computed figure with unit, formula and origins; give the one ordered table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.controls.catalogue import Entry, Family, Unit, Value
from pipeline.controls.figures import Figures
from pipeline.controls.measure import ALL_FINISHED, NO_CASE, NO_ESTIMATES, NO_TASKS, TASK_FINISHED, Measure, undefined
from pipeline.controls.monte_carlo import compute_odds, find_day

_BASELINE = ("budget lines", "packages of lines", "weights", "baselines", "calendar")
_EARNED = (*_BASELINE, "rules of value", "completion")
_VALUE = (*_EARNED, "actual costs", "status date")
_TIMES = ("milestones", "news of milestones", "calendar")

# Name, unit, formula and origins of what earned value tells of the project and of each work package.
_EARNED_VALUE: tuple[tuple[str, Unit, str, tuple[str, ...]], ...] = (
    ("bac", "money", "BAC = Σ budget lines, without contingency and management reserve", ("budget lines",)),
    ("pv", "money", "PV = the part of BAC that the baseline plans up to the status date", (*_BASELINE, "status date")),
    ("ev", "money", "EV = Σ task budget × share earned by the task's rule", _EARNED),
    ("ac", "money", "AC = Σ actual cost to date", ("actual costs",)),
    ("cv", "money", "CV = EV − AC", _VALUE),
    ("sv", "money", "SV = EV − PV", _VALUE),
    ("cv_percent", "percent", "CV % = CV ÷ EV", _VALUE),
    ("sv_percent", "percent", "SV % = SV ÷ PV", _VALUE),
    ("cpi", "ratio", "CPI = EV ÷ AC", _VALUE),
    ("spi", "ratio", "SPI = EV ÷ PV", _VALUE),
    ("eac", "money", "EAC = AC + (BAC − EV) ÷ CPI", _VALUE),
    ("eac_2", "money", "EAC = AC + (BAC − EV)", _VALUE),
    ("eac_3", "money", "EAC = AC + (BAC − EV) ÷ (CPI × SPI)", _VALUE),
    ("etc", "money", "ETC = EAC − AC", _VALUE),
    ("vac", "money", "VAC = BAC − EAC", _VALUE),
    ("tcpi", "ratio", "TCPI = (BAC − EV) ÷ (BAC − AC)", _VALUE),
    ("tcpi_eac", "ratio", "TCPI(EAC) = (BAC − EV) ÷ (EAC − AC)", _VALUE),
    ("complete", "percent", "EV ÷ BAC", _VALUE),
    ("spent", "percent", "AC ÷ BAC", _VALUE),
)
_PLAN = ("durations", "predecessors", "calendar", "project dates", "completion", "status date")
_TASK_FIGURES: tuple[tuple[str, Unit, str], ...] = (
    ("start", "date", "day on which it began, else its early start by the critical path method"),
    ("finish", "date", "day on which it ended, else its early finish by the critical path method"),
    ("total_float", "days", "late start − early start, in working days"),
    ("free_float", "days", "least early start of its successors − early finish, in working days"),
    ("slip", "days", "finish − baselined finish, in working days"),
)
_APPRAISAL: tuple[tuple[str, Unit, str], ...] = (
    ("npv", "money", "NPV = Σ (benefits − costs) of year t ÷ (1 + rate)^t, the first year is t = 0"),
    ("irr", "percent", "IRR: the rate at which NPV is 0"),
    ("mirr", "percent", "MIRR = (future value of what comes in ÷ present value of what goes out)^(1 ÷ n) − 1"),
    ("bcr", "ratio", "BCR = present value of benefits ÷ present value of costs"),
    ("payback", "years", "years until the sum of the flows is 0, linear within the year"),
    ("discounted_payback", "years", "the same of the discounted flows"),
    ("roi", "percent", "ROI = (Σ benefits − Σ costs) ÷ Σ costs"),
    ("tco", "money", "TCO = Σ costs over the horizon, not discounted"),
)
_EARNED_SCHEDULE: tuple[tuple[str, Unit, str], ...] = (
    ("es", "months", "ES = C + (EV − PV_C) ÷ (PV_C+1 − PV_C)"),
    ("at", "months", "AT = months from the start to the status date"),
    ("pd", "months", "PD = months from the start to the baselined finish"),
    ("sv_t", "months", "SV(t) = ES − AT"),
    ("spi_t", "ratio", "SPI(t) = ES ÷ AT"),
    ("ieac_t", "months", "IEAC(t) = PD ÷ SPI(t)"),
    ("vac_t", "months", "VAC(t) = PD − IEAC(t)"),
    ("tspi", "ratio", "TSPI = (PD − ES) ÷ (PD − AT)"),
)


def _of_project(name: str) -> Callable[[Figures], Measure]:
    return lambda figures: getattr(figures.performance.project, name)


def _of_time(name: str) -> Callable[[Figures], Measure]:
    return lambda figures: getattr(figures.earned_schedule, name)


def _by_package(name: str) -> Callable[[Figures], Iterator[tuple[str, Measure]]]:
    return lambda figures: ((one.id, getattr(one, name)) for one in figures.performance.packages if one.id)


def _by_task(name: str) -> Callable[[Figures], Iterator[tuple[str, Value | Measure]]]:
    return lambda figures: ((row.id, _or_over(getattr(row, name))) for row in figures.plan.tasks)


def _or_over(value: Value) -> Value | Measure:
    return undefined("days", TASK_FINISHED) if value is None else value


def _float(figures: Figures) -> Value | Measure:
    floats = [row.total_float for row in figures.plan.tasks if row.total_float is not None]
    return min(floats) if floats else undefined("days", ALL_FINISHED)


def _quantile(name: str) -> Callable[[Figures], Value | Measure]:
    def find(figures: Figures) -> Value | Measure:
        simulation, start = figures.simulation, figures.project.info.start
        if simulation is None:
            return undefined("days", NO_ESTIMATES)
        return find_day(getattr(simulation, name), start, figures.plan.axis.calendar)

    return find


def _in_time(figures: Figures) -> Value | Measure:
    plan, simulation = figures.plan, figures.simulation
    if simulation is None or plan.baseline_finish is None:
        return undefined("percent", NO_ESTIMATES)
    return compute_odds(simulation, plan.baseline_finish, figures.project.info.start, plan.axis.calendar) * 100


def _of_chosen(name: str) -> Callable[[Figures], Value | Measure]:
    def find(figures: Figures) -> Value | Measure:
        chosen = figures.appraisal.chosen if figures.appraisal else None
        return getattr(chosen.value, name) if chosen else undefined("ratio", NO_CASE)

    return find


def _by_option(name: str) -> Callable[[Figures], Iterator[tuple[str, Value | Measure]]]:
    return lambda figures: (
        (row.option.id, getattr(row.value, name)) for row in (figures.appraisal.options if figures.appraisal else ())
    )


def _acceptance(figures: Figures) -> int:
    return sum(one.accepted_on(figures.day) for one in figures.project.deliverables)


FIGURES: tuple[Entry | Family, ...] = (
    *(Entry(name, unit, formula, origins, _of_project(name)) for name, unit, formula, origins in _EARNED_VALUE),
    *(Entry(name, unit, formula, _VALUE, _of_time(name)) for name, unit, formula in _EARNED_SCHEDULE),
    Entry(
        "total_budget", "money", "budget lines + contingency", ("budget lines", "contingency"), lambda of: of.cost.total
    ),
    Entry("contingency", "money", "contingency of the budget", ("contingency",), lambda of: of.reserves.contingency),
    Entry(
        "contingency_left", "money", "contingency − cost of approved changes", ("contingency", "changes"),
        lambda of: of.reserves.contingency_left,
    ),
    Entry("reserve", "money", "management reserve of the budget", ("reserve",), lambda of: of.reserves.reserve),
    Entry(
        "reserve_left", "money", "management reserve − what changes cost beyond the contingency",
        ("reserve", "contingency", "changes"), lambda of: of.reserves.reserve_left,
    ),
    Entry("funded", "money", "Σ funding", ("funding",), lambda of: of.funding.funded),
    Entry("committed", "money", "Σ commitments to date", ("commitments",), lambda of: of.cost.project.committed),
    Entry(
        "forecast", "money", "Σ forecast cost at completion; a line without one will cost its budget",
        ("budget lines", "actual costs", "forecast costs"), lambda of: of.cost.project.forecast,
    ),
    Entry(
        "burn_rate", "money", "cost of the last three periods ÷ months", ("actual costs",), lambda of: of.burn.recent
    ),
    Entry(
        "slip", "days", "working days by which the worst milestone not yet reached is late", _TIMES,
        lambda of: of.timing.slip,
    ),
    Entry("finish", "date", "day of the last milestone, as stated", _TIMES, lambda of: of.timing.finish),
    Entry("start", "date", "first start of all tasks", _PLAN, lambda of: of.plan.start or undefined("days", NO_TASKS)),
    Entry(
        "finish_computed", "date", "last finish of all tasks (critical path)", _PLAN,
        lambda of: of.plan.finish or undefined("days", NO_TASKS),
    ),
    Entry(
        "length", "days", "working days from the project's start to the computed finish", _PLAN,
        lambda of: of.plan.length,
    ),
    Entry("total_float", "days", "least total float of what is still to be done", _PLAN, _float),
    Entry(
        "critical_path", "text", "longest chain of what is still to be done", _PLAN,
        lambda of: " → ".join(of.plan.critical_path) or undefined("days", ALL_FINISHED),
    ),
    Entry(
        "bei", "ratio", "BEI = tasks finished ÷ tasks due by baseline", ("baselines", "completion", "status date"),
        lambda of: of.drift.bei,
    ),
    Entry(
        "cpli", "ratio", "CPLI = (length left + float to the baselined finish) ÷ length left", (*_PLAN, "baselines"),
        lambda of: of.drift.cpli,
    ),
    Entry(
        "p50", "date", "day that half of the runs keep (Monte Carlo, Beta-PERT)", (*_PLAN, "estimates"),
        _quantile("p50"),
    ),
    Entry(
        "p80", "date", "day that four runs in five keep (Monte Carlo, Beta-PERT)", (*_PLAN, "estimates"),
        _quantile("p80"),
    ),
    Entry(
        "in_time", "percent", "share of the runs that keep the baselined finish", (*_PLAN, "estimates", "baselines"),
        _in_time,
    ),
    Entry(
        "resource_cost", "money", "Σ quantity × rate of all resources", ("resources", "assignments", "baselines"),
        lambda of: of.resource_costs.total,
    ),
    *(
        Entry(name, unit, f"{formula}; the option chosen", ("cash flows", "discount rate"), _of_chosen(name))
        for name, unit, formula in _APPRAISAL
    ),
    Entry(
        "effort_planned", "person-days", "Σ effort of tasks", ("weights",), lambda of: of.timing.planned
    ),
    Entry("effort_spent", "person-days", "Σ effort to date", ("effort spent",), lambda of: of.timing.spent),
    Entry(
        "effort_complete", "percent", "Σ effort × completion ÷ Σ effort", ("weights", "completion"),
        lambda of: of.timing.complete,
    ),
    Entry("risks_open", "count", "open risks on the day", ("assessments",), lambda of: len(of.risks.open)),
    Entry(
        "risks_high", "count", "open threats of the highest band of likelihood × impact", ("assessments",),
        lambda of: len(of.risks.high),
    ),
    Entry(
        "exposure", "money", "Σ probability × exposure of open threats", ("sums at stake", "assessments"),
        lambda of: of.risks.exposure,
    ),
    Entry(
        "risk_contingency", "money", "Σ P × exposure of open threats − that of opportunities",
        ("sums at stake", "assessments"), lambda of: of.risks.contingency,
    ),
    Entry(
        "changes_pending", "count", "changes that wait for a decision", ("changes",),
        lambda of: len(of.pending_changes),
    ),
    Entry("accepted", "count", "deliverables accepted in full", ("acceptance",), _acceptance),
    *(
        Entry(
            f"{name}_light", "light", formula, (*origins, "tolerances"),
            lambda of, name=name: of.lamps[name].computed,  # type: ignore[misc]
        )
        for name, formula, origins in (
            ("schedule", "green up to the baseline, amber up to the tolerance, red beyond", _TIMES),
            (
                "cost", "green up to budget and contingency, amber up to the tolerance, red beyond",
                ("budget lines", "contingency", "actual costs", "forecast costs"),
            ),
            ("scope", "amber while changes wait for a decision, red beyond the tolerance", ("changes",)),
            ("risk", "amber with a high threat open, red beyond the tolerance", ("assessments",)),
        )
    ),
    *(Family(name, unit, formula, origins, _by_package(name)) for name, unit, formula, origins in _EARNED_VALUE),
    *(Family(name, unit, formula, _PLAN, _by_task(name), "task") for name, unit, formula in _TASK_FIGURES),
    *(
        Family(name, unit, formula, ("cash flows", "discount rate"), _by_option(name), "option")
        for name, unit, formula in _APPRAISAL
    ),
)  # fmt: skip
