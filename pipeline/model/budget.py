"""Take a project's budget.yaml; hold cost lines by year, reserves and funding; give them with their sums."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import CURRENCY, Money, Record, Reference, Text, Year
from pipeline.model.facts import Id, Names

Category = Literal["staff", "services", "licences", "hardware", "training", "travel", "other"]


class BudgetLine(Record):
    """A line of the budget (cost line, cost account)."""

    id: Annotated[str, Id("B01", "budget line")] = Field(description="Number of the budget line")
    title: Text = Field(description="What the money is for")
    category: Category = Field(description="Kind of expenditure")
    work_package: Annotated[Reference | None, Names("work_packages")] = Field(
        None, description="Work package that the money pays for (id)"
    )
    years: Mapping[Year, Money] = Field(
        description="Planned amount by calendar year, in the project's currency",
        json_schema_extra={"propertyNames": {"pattern": "^[12][0-9]{3}$"}},
    )

    @property
    def total(self) -> Decimal:
        """Return the sum over all years."""
        return sum(self.years.values(), Decimal(0))


class Funding(Record):
    """A source of money."""

    source: Text = Field(description="Who pays")
    amount: Money = Field(description="Amount promised, in the project's currency")


class Budget(Record):
    """The budget of a project; amounts in its currency, at most two decimals."""

    currency: str | None = Field(
        None, pattern=CURRENCY, examples=["EUR"], description="Currency of the amounts (ISO 4217); the project's"
    )
    lines: tuple[BudgetLine, ...] = Field(description="One entry a budget line")
    contingency: Money = Field(
        Decimal(0), description="Contingency reserve: for known risks, held by the Project Manager, part of the budget"
    )
    reserve: Money = Field(
        Decimal(0), description="Management reserve: for the unforeseen, held by the Project Owner, outside the budget"
    )
    funding: tuple[Funding, ...] = Field((), description="Where the money comes from")

    @property
    def lines_total(self) -> Decimal:
        """Return the sum of all lines, without contingency and reserve."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        """Return the sum of all lines and the contingency, without the management reserve."""
        return self.lines_total + self.contingency

    @property
    def funded(self) -> Decimal:
        """Return the sum of all funding."""
        return sum((source.amount for source in self.funding), Decimal(0))

    @property
    def years(self) -> tuple[int, ...]:
        """Return the calendar years in which any line plans money, ascending."""
        return tuple(sorted({year for line in self.lines for year in line.years}))

    def line(self, id: str) -> BudgetLine:
        """Return the line with this id; KeyError if there is none."""
        return {line.id: line for line in self.lines}[id]
