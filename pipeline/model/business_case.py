"""Take a project's business-case.yaml; hold options with costs and benefits by year; give what an appraisal needs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, Strict

from pipeline.model.base import (
    CURRENCY,
    Day,
    Flag,
    Money,
    Percent,
    Quantity,
    Record,
    Reference,
    Score,
    SignedMoney,
    Text,
    Year,
)
from pipeline.model.facts import Id, Names

Terms = Literal["real", "nominal"]
BenefitKind = Literal["financial", "social"]
CostCategory = Literal[
    "development",
    "maintenance",
    "support",
    "training",
    "infrastructure",
    "change_management",
    "start_up",
    "coordination",
    "other",
]
CATEGORIES: tuple[CostCategory, ...] = get_args(CostCategory)
ITEM_ID = r"^[A-Z]{1,3}[0-9]{1,6}$"
Years = Annotated[int, Strict(), Field(ge=1, le=100)]
_BY_YEAR: dict[str, Any] = {"propertyNames": {"pattern": "^[12][0-9]{3}$"}}


class Initiation(Record):
    """Where the project came from (PM² Project Initiation Request)."""

    requested_by: Annotated[Reference | None, Names("people", on="requested")] = Field(
        None, description="Person who asked for the project (id of people.yaml)"
    )
    requested: Day | None = Field(None, description="Day of the request")
    delivery: Literal["in_house", "outsourced", "mixed", "not_known"] | None = Field(
        None, description="Who is to deliver it"
    )
    effort: Quantity | None = Field(None, description="Effort as first estimated, in person-days")


class DiscountRate(Record):
    """The rate by which later money counts less."""

    percent: Percent = Field(description="Rate in percent a year")
    terms: Terms = Field(description="Whether the rate is without inflation (real) or with it (nominal)")


class Inflation(Record):
    """How prices rise, from which year on."""

    percent: Percent = Field(description="Rise of prices in percent a year")
    base: Year = Field(description="Year whose prices count as 1; the price base")


class CaseCriterion(Record):
    """A criterion by which the options are scored (multi-criteria analysis)."""

    id: Annotated[str, Id("EC1", "criterion", kind="case_criteria")] = Field(description="Number of the criterion")
    title: Text = Field(description="What is judged")
    weight: Percent = Field(description="Weight in percent; all weights sum to 100")


class Swot(Record):
    """Strengths, weaknesses, opportunities and threats of an option."""

    strengths: tuple[Text, ...] = Field((), description="What speaks for it, from inside")
    weaknesses: tuple[Text, ...] = Field((), description="What speaks against it, from inside")
    opportunities: tuple[Text, ...] = Field((), description="What could help it, from outside")
    threats: tuple[Text, ...] = Field((), description="What could harm it, from outside")


class Pestel(Record):
    """What presses on the project from outside (PESTEL analysis)."""

    political: tuple[Text, ...] = Field((), description="Politics and policy")
    economic: tuple[Text, ...] = Field((), description="Money and markets")
    social: tuple[Text, ...] = Field((), description="People and habits")
    technological: tuple[Text, ...] = Field((), description="Technology")
    environmental: tuple[Text, ...] = Field((), description="Environment")
    legal: tuple[Text, ...] = Field((), description="Law")


class CostItem(Record):
    """A cost of an option over the years."""

    id: str | None = Field(
        None,
        pattern=ITEM_ID,
        examples=["C1"],
        description="Name by which `sensitivity` can move it; the same in each option that has it",
    )
    title: Text = Field(description="What the money is for")
    category: CostCategory = Field(description="Kind of cost, for the total cost of ownership")
    years: Mapping[Year, Money] = Field(
        description="Cost by calendar year, within the horizon", json_schema_extra=_BY_YEAR
    )


class BenefitItem(Record):
    """A benefit of an option over the years, in money."""

    id: str | None = Field(
        None,
        pattern=ITEM_ID,
        examples=["G1"],
        description="Name by which `sensitivity` can move it; the same in each option that has it",
    )
    title: Text = Field(description="What is gained")
    kind: BenefitKind = Field(
        description="Money that comes in or is not spent (financial), or a gain of others (social)"
    )
    benefit: Annotated[Reference | None, Names("benefits")] = Field(
        None, description="Benefit of project.yaml that this puts into money (id)"
    )
    years: Mapping[Year, SignedMoney] = Field(
        description="Benefit by calendar year, within the horizon; a dis-benefit is negative",
        json_schema_extra=_BY_YEAR,
    )


class Option(Record):
    """A way to answer the need (PM² alternative, PRINCE2 business option)."""

    id: Annotated[str, Id("A", "option", r"^[A-Z][0-9]{0,2}$")] = Field(description="Letter of the option")
    title: Text = Field(description="The option in a few words")
    description: Text = Field(description="What would be done")
    do_nothing: Flag = Field(
        False, description="Whether it is the option to carry on as today; the others are compared"
    )
    chosen: Flag = Field(False, description="Whether it is the option that is taken")
    swot: Swot = Field(Swot(), description="Strengths, weaknesses, opportunities, threats")
    assessment: Text | None = Field(None, description="Judgement of the option in a sentence or two")
    costs: tuple[CostItem, ...] = Field((), description="What it costs, over the whole horizon")
    benefits: tuple[BenefitItem, ...] = Field((), description="What it gains, over the whole horizon")
    residual_value: Money = Field(
        Decimal(0), description="What is still worth something at the end; a benefit of the last year"
    )
    scores: Annotated[Mapping[Reference, Score], Names("case_criteria")] = Field(
        {}, description="Score by criterion, 1 very poor to 5 very good"
    )


class Driver(Record):
    """What the sensitivity analysis moves, and how far."""

    driver: Text = Field(
        examples=["costs"],
        description="`rate`, `costs`, `benefits`, `residual_value`, a category of cost, a kind of benefit, "
        "or the id of a cost or benefit",
    )
    percent: Percent = Field(description="How far it is moved down and up, in percent of its value")


class BusinessCase(Record):
    """The business case of a project with its appraisal (PM² Business Case, PRINCE2 Business Case)."""

    currency: str | None = Field(
        None, pattern=CURRENCY, examples=["EUR"], description="Currency of the amounts (ISO 4217); the project's"
    )
    initiation: Initiation = Field(Initiation(), description="Where the project came from")
    pestel: Pestel = Field(Pestel(), description="What presses on the project from outside")
    start: Year = Field(description="Year that counts as now (t = 0): its amounts are not discounted")
    horizon: Years = Field(description="Years that are looked at, the first one included")
    price_base: Year = Field(description="Year in whose prices real amounts are given")
    prices: Terms = Field(
        "real", description="Whether amounts are in prices of the price base (real) or each of its own year (nominal)"
    )
    discount_rate: DiscountRate = Field(description="Rate by which later money counts less")
    finance_rate: Percent | None = Field(
        None, description="Rate at which outlays are financed, for the MIRR, in percent; the discount rate if left out"
    )
    reinvestment_rate: Percent | None = Field(
        None, description="Rate at which returns are invested, for the MIRR, in percent; the discount rate if left out"
    )
    inflation: Inflation | None = Field(None, description="Rise of prices, wherever something is nominal")
    criteria: tuple[CaseCriterion, ...] = Field((), description="Criteria by which the options are scored")
    options: tuple[Option, ...] = Field(min_length=1, description="One entry an option")
    sensitivity: tuple[Driver, ...] = Field((), description="What the sensitivity analysis moves")

    @property
    def years(self) -> tuple[int, ...]:
        """Return the calendar years of the horizon, ascending."""
        return tuple(range(self.start, self.start + self.horizon))

    @property
    def chosen(self) -> Option | None:
        """Return the first option that is marked as chosen; None if there is none."""
        return next((option for option in self.options if option.chosen), None)

    @property
    def baseline(self) -> Option | None:
        """Return the option to do nothing; None if there is none."""
        return next((option for option in self.options if option.do_nothing), None)
