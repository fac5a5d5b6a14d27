"""Exact numbers, or the reason why there is none, come in; measures with their units, and traffic lights, go out.

A light is green up to its first limit, amber up to its second, red beyond: the limits are printed beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Literal

from pipeline.model.progress import LightOverride

Unit = Literal["money", "ratio", "percent", "days", "months", "years"]
Number = Fraction | Decimal | int

# Why a figure is not there. Texts of a document, so they are listed once and can be translated.
NO_BUDGET = "not yet: there is no budget"
NO_FUNDING = "not yet: no funding is written down"
NO_REPORT = "not yet: no progress is reported"
NOTHING_PLANNED = "not yet: no work was due by this day"
NOTHING_EARNED = "not yet: no work is earned"
NOTHING_BOOKED = "not yet: no cost is booked"
NOT_STARTED = "not yet: the project has not started"
NOT_MEASURED = "not measurable: no budget line names a work package with tasks"
BUDGET_SPENT = "not achievable: the budget is spent"
TIME_OVER = "not achievable: the planned time is over"
ALL_EARNED = "not needed: all work is earned"
NO_TASKS = "not yet: there are no tasks"
NOTHING_DUE = "not yet: no task was due by this day"
ALL_FINISHED = "not needed: all tasks are finished"
TASK_FINISHED = "not needed: the task is finished"
NO_ESTIMATES = "not yet: no task that is left has a three-point estimate"
NO_CASE = "not yet: there is no business case, or no option is chosen"
REASONS = (
    NO_BUDGET,
    NO_FUNDING,
    NO_REPORT,
    NOTHING_PLANNED,
    NOTHING_EARNED,
    NOTHING_BOOKED,
    NOT_STARTED,
    NOT_MEASURED,
    BUDGET_SPENT,
    TIME_OVER,
    ALL_EARNED,
    NO_TASKS,
    NOTHING_DUE,
    ALL_FINISHED,
    TASK_FINISHED,
    NO_ESTIMATES,
    NO_CASE,
)

# Enough for any amount to the cent; where a fraction has no end, this is where its decimal is cut.
_DIGITS = Context(prec=28, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: an exact number in a unit, or None and the reason in words.

    `exact` is a fraction, so that a budget shared out over seven days still adds up to itself; `value` is its decimal.
    What is made of an undefined measure is undefined for the same reason.
    """

    exact: Fraction | None
    unit: Unit
    reason: str = ""

    @property
    def value(self) -> Decimal | None:
        """Return the number as a decimal (28 digits, exact where it has an end); None if it is undefined."""
        if self.exact is None:
            return None
        return _DIGITS.divide(Decimal(self.exact.numerator), Decimal(self.exact.denominator))

    def __add__(self, other: Measure) -> Measure:
        if self.exact is None or other.exact is None:
            return _missing(self, other, self.unit)
        return Measure(self.exact + other.exact, self.unit)

    def __sub__(self, other: Measure) -> Measure:
        if self.exact is None or other.exact is None:
            return _missing(self, other, self.unit)
        return Measure(self.exact - other.exact, self.unit)

    def __mul__(self, other: Measure) -> Measure:
        if self.exact is None or other.exact is None:
            return _missing(self, other, self.unit)
        return Measure(self.exact * other.exact, self.unit)

    def over(self, other: Measure, otherwise: str, unit: Unit = "ratio") -> Measure:
        """Return this ÷ other in a unit (in percent: times 100); `otherwise` is the reason where other is 0."""
        if self.exact is None or other.exact is None:
            return _missing(self, other, unit)
        if other.exact == 0:
            return undefined(unit, otherwise)
        return Measure(self.exact / other.exact * (100 if unit == "percent" else 1), unit)


def measure(number: Number, unit: Unit) -> Measure:
    """Return a number as a measure; a Decimal or int becomes the fraction that it is, with nothing rounded."""
    return Measure(Fraction(number), unit)


def undefined(unit: Unit, reason: str) -> Measure:
    """Return a measure that is not there, and why."""
    return Measure(None, unit, reason)


def total(measures: Iterable[Measure], unit: Unit) -> Measure:
    """Return the sum of some measures, 0 of none."""
    return sum(measures, Measure(Fraction(0), unit))


def _missing(one: Measure, other: Measure, unit: Unit) -> Measure:
    return undefined(unit, one.reason if one.exact is None else other.reason)


Light = Literal["on_track", "at_risk", "off_track", "not_yet", "done"]
_ORDER: tuple[Light, ...] = ("done", "not_yet", "on_track", "at_risk", "off_track")


def judge(value: Decimal | int, amber_above: Decimal | int, red_above: Decimal | int) -> Light:
    """Return the light of a value that is better the smaller it is."""
    if value > red_above:
        return "off_track"
    return "at_risk" if value > amber_above else "on_track"


def worst(*lights: Light) -> Light:
    """Return the gravest of some lights; `on_track` if there is none."""
    return max(lights, key=_ORDER.index, default="on_track")


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light as computed, and as somebody states it instead, if anybody does; the report prints both."""

    computed: Light
    override: LightOverride | None = None

    @property
    def shown(self) -> Light:
        """Return the stated light, else the computed one."""
        return self.override.light if self.override else self.computed
