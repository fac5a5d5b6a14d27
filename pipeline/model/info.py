"""Take a project.yaml; hold identity, roles, scope, success criteria and tolerances; give the project's own record."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import CURRENCY, Day, Percent, Quantity, Record, Reference, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore
from pipeline.model.settings import LANGUAGE

Phase = Literal["initiating", "planning", "executing", "closing", "closed"]
PROJECT_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"

GOVERNS = Names("people", today=True)


class Roles(Record):
    """The governance of a project (PM² roles)."""

    project_owner: Annotated[Reference, GOVERNS] = Field(description="Project Owner (PRINCE2 Executive, PMBOK sponsor)")
    project_manager: Annotated[Reference, GOVERNS] = Field(description="Project Manager")
    business_manager: Annotated[Reference | None, GOVERNS] = Field(
        None, description="Business Manager: the owner's deputy for daily work"
    )
    solution_provider: Annotated[Reference | None, GOVERNS] = Field(
        None, description="Solution Provider (PRINCE2 Senior Supplier)"
    )
    user_representative: Annotated[Reference | None, GOVERNS] = Field(
        None, description="User Representative (PRINCE2 Senior User)"
    )
    project_support: Annotated[Reference | None, GOVERNS] = Field(
        None, description="Project Support Office or assistant"
    )
    steering_committee: Annotated[tuple[Reference, ...], GOVERNS] = Field(
        (), description="Members of the Project Steering Committee (PRINCE2 Project Board)"
    )


class TeamMember(Record):
    """A member of the project core team."""

    person: Annotated[Reference, Names("people")] = Field(description="Person (id of people.yaml)")
    role: Text = Field(description="Role in the team")
    allocation: Percent | None = Field(None, description="Share of working time, in percent")


class Objective(Record):
    """What the project is to achieve."""

    id: Annotated[str, Id("O1", "objective")] = Field(description="Number of the objective")
    title: Text = Field(description="The objective in one sentence")


class Scope(Record):
    """What belongs to the project and what does not."""

    included: tuple[Text, ...] = Field(description="What is in scope")
    excluded: tuple[Text, ...] = Field((), description="What is out of scope")


class SuccessCriterion(Record):
    """How the organisation will know that the project succeeded."""

    id: Annotated[str, Id("SC1", "success criterion")] = Field(description="Number of the success criterion")
    title: Text = Field(description="The criterion in one sentence")
    baseline: Text = Field(description="Value before the project, with its unit, in words")
    target: Text = Field(description="Value that counts as success")
    measured_by: Text = Field(description="How it is measured")
    result: Text | None = Field(None, description="Value reached")
    met: Literal["yes", "partly", "no"] | None = Field(None, description="Whether the target was reached")


class Need(Record):
    """A need of stakeholders or users (high-level requirement)."""

    id: Annotated[str, Id("N1", "need")] = Field(description="Number of the need")
    title: Text = Field(description="The need in one sentence")
    priority: Literal["must", "should", "could", "wont"] = Field(description="Priority (MoSCoW)")
    stakeholder: Annotated[Reference | None, Names("stakeholders")] = Field(
        None, description="Stakeholder who has the need (id)"
    )


class Feature(Record):
    """A feature of the solution that answers needs."""

    id: Annotated[str, Id("F1", "feature")] = Field(description="Number of the feature")
    title: Text = Field(description="The feature in one sentence")
    needs: Annotated[tuple[Reference, ...], Names("needs")] = Field(
        min_length=1, description="Needs that it answers (ids), at least one"
    )
    deliverables: Annotated[tuple[Reference, ...], Names("deliverables")] = Field(
        (), description="Deliverables that carry it (ids)"
    )


class Constraint(Record):
    """A limit that the project has to respect."""

    id: Annotated[str, Id("C1", "constraint")] = Field(description="Number of the constraint")
    title: Text = Field(description="The constraint in one sentence")


class CharterAssumption(Record):
    """Something held to be true when the project was chartered."""

    id: Annotated[str, Id("AS1", "assumption", kind="charter_assumptions")] = Field(
        description="Number of the assumption"
    )
    title: Text = Field(description="The assumption in one sentence")


class Benefit(Record):
    """A measurable improvement that the project brings (PRINCE2 benefit)."""

    id: Annotated[str, Id("BE1", "benefit")] = Field(description="Number of the benefit")
    title: Text = Field(description="The benefit in one sentence")
    measure: Text = Field(description="What is measured")
    baseline: Text = Field(description="Value before the project, with its unit, in words")
    target: Text = Field(description="Value that is aimed at")
    due: Day = Field(description="Day by which the target is to be reached")
    result: Text | None = Field(None, description="Value reached")
    owner: Annotated[Reference, Names("people")] = Field(
        description="Person who answers for the benefit (id of people.yaml)"
    )


Count = Annotated[int, Field(strict=True, ge=0, le=1000)]


class Tolerances(Record):
    """How far the project may drift before the steering committee has to decide."""

    schedule_days: Quantity = Field(description="Delay that is tolerated, in days")
    cost_percent: Percent = Field(description="Cost overrun that is tolerated, in percent of the budget")
    high_risks: Count = Field(2, description="Open high threats up to which the risk light is amber, not red")
    pending_changes: Count = Field(3, description="Changes waiting for a decision up to which scope is amber, not red")


class DocumentControl(Record):
    """Who reviews and approves the documents."""

    reviewers: Annotated[tuple[Reference, ...], Names("people")] = Field(
        (), description="Persons who review (ids of people.yaml)"
    )
    approvers: Annotated[tuple[Reference, ...], Names("people")] = Field(
        (), description="Persons who approve (ids of people.yaml)"
    )


class ProjectInfo(Record):
    """Identity, governance, scope and success of a project (PM² Project Charter, PRINCE2 Project Brief)."""

    id: str = Field(pattern=PROJECT_ID, examples=["atlas"], description="Name of the project's folder")
    name: Text = Field(description="Short name of the project")
    title: Text = Field(description="Full title of the project")
    summary: Text = Field(description="One sentence that says what matters")
    organisation: Text | None = Field(None, description="Organisation or unit that owns the project")
    phase: Phase = Field(description="Phase of the project")
    start: Day = Field(description="First day as approved (baseline)")
    end: Annotated[Day, NotBefore("start")] = Field(description="Last day as approved (baseline)")
    status_date: Annotated[Day, NotBefore("start")] = Field(
        description="Day on which the figures stand; that of the newest progress file"
    )
    closed: Annotated[Day | None, NotBefore("start"), DayOf(("closed",), field="phase")] = Field(
        None, description="Day on which the project was closed"
    )
    currency: str = Field(pattern=CURRENCY, examples=["EUR"], description="Currency of all amounts (ISO 4217)")
    language: str | None = Field(
        None, pattern=LANGUAGE, examples=["en"], description="Language of the documents (BCP 47), if not the settings'"
    )
    sensitivity: Text = Field(description="How far the documents may travel; one of the settings' sensitivities")
    roles: Roles = Field(description="Governance of the project")
    team: tuple[TeamMember, ...] = Field((), description="Project core team")
    objectives: tuple[Objective, ...] = Field(description="What the project is to achieve")
    scope: Scope = Field(description="What belongs to the project and what does not")
    success_criteria: tuple[SuccessCriterion, ...] = Field(description="How success is measured")
    needs: tuple[Need, ...] = Field((), description="Needs of stakeholders and users")
    features: tuple[Feature, ...] = Field((), description="Features that answer the needs")
    constraints: tuple[Constraint, ...] = Field((), description="Limits to respect")
    assumptions: tuple[CharterAssumption, ...] = Field((), description="What is held to be true")
    benefits: tuple[Benefit, ...] = Field((), description="Improvements that the project brings")
    tolerances: Tolerances = Field(description="Drift that needs no decision of the steering committee")
    document_control: DocumentControl = Field(
        DocumentControl(),
        description="Who reviews and approves the documents",
    )
