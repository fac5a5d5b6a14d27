"""Take a risk log; hold threats and opportunities with their assessments over time; give risks."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Flag, Money, Percent, Record, Reference, Score, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since

RiskStatus = Literal["proposed", "assessing", "waiting_for_approval", "approved", "rejected", "closed"]
RiskStrategy = Literal["avoid", "reduce", "accept", "transfer", "exploit", "enhance", "share"]


class Rating(Record):
    """Likelihood and impact of a risk."""

    likelihood: Score = Field(description="Likelihood, 1 very low to 5 very high")
    impact: Score = Field(description="Impact, 1 very low to 5 very high")

    @property
    def level(self) -> int:
        """Return the risk level, likelihood × impact (1 to 25)."""
        return self.likelihood * self.impact


class Assessment(Rating):
    """Likelihood and impact as judged on one day."""

    date: Day = Field(description="Day of the assessment")


class Risk(Record):
    """An uncertain event that would change the outcome of the project."""

    id: Annotated[str, Id("R-01", "risk")] = Field(description="Number of the risk")
    title: Text = Field(description="The risk in a few words")
    category: Text = Field(description="Kind of risk, as the project sorts them")
    kind: Literal["threat", "opportunity"] = Field("threat", description="Whether it would harm or help")
    cause: Text = Field(description="What may bring it about")
    event: Text = Field(description="What may happen")
    effect: Text = Field(description="What that would mean for the project")
    status: RiskStatus = Field(description="Status in the risk log (PM²)")
    raised: Annotated[Day, Since()] = Field(description="Day on which it was identified")
    raised_by: Annotated[Reference, Names("people", on="raised")] = Field(
        description="Person who identified it (id of people.yaml)"
    )
    owner: Annotated[Reference, Names("people", until="closed")] = Field(
        description="Person who looks after it (PM² and PRINCE2 risk owner; id of people.yaml)"
    )
    assessments: tuple[Assessment, ...] = Field(min_length=1, description="Judgements over time, oldest first")
    residual: Rating | None = Field(None, description="Likelihood and impact expected after the response")
    strategy: RiskStrategy = Field(description="Risk response strategy")
    response: Text = Field(description="What is done about it")
    due: Annotated[Day | None, NotBefore("raised")] = Field(None, description="Day by which the response is to be done")
    probability: Percent | None = Field(None, description="Probability in percent, for sums of money")
    exposure: Money | None = Field(None, description="Cost if it happens, in the project's currency")
    trigger: Text | None = Field(None, description="Sign by which it would show")
    reviewed: Annotated[Day, NotBefore("raised")] = Field(description="Day of the last review")
    closed: Annotated[Day | None, NotBefore("raised"), DayOf(("closed",), maybe=("rejected",))] = Field(
        None, description="Day on which it was closed"
    )
    occurred: Flag | None = Field(None, description="Whether it happened")
    tasks: Annotated[tuple[Reference, ...], Names("tasks")] = Field(
        (), description="Tasks that carry out the response (ids)"
    )

    def open_on(self, day: date) -> bool:
        """Return whether the risk was open at the end of that day; a rejected one is open until its last review."""
        ended = self.closed or (self.reviewed if self.status == "rejected" else None)
        return self.raised <= day and (ended is None or day < ended)

    def assessment_on(self, day: date) -> Assessment | None:
        """Return the last assessment made by that day, or None if there was none yet."""
        made = [assessment for assessment in self.assessments if assessment.date <= day]
        return max(made, key=lambda assessment: assessment.date) if made else None

    def level_on(self, day: date) -> int:
        """Return the risk level by that day (1 to 25), or 0 if the risk was not assessed yet."""
        assessment = self.assessment_on(day)
        return assessment.level if assessment else 0

    @property
    def current(self) -> Assessment:
        """Return the last assessment."""
        return self.assessments[-1]

    @property
    def level(self) -> int:
        """Return the risk level of the last assessment (1 to 25)."""
        return self.current.level


class RisksFile(Record):
    """The risk log of a project (PRINCE2 Risk Register)."""

    risks: tuple[Risk, ...] = Field(description="One entry a risk")
