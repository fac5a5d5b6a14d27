"""Take nothing; hold the faults to seed into the sample's business case; give them to the test of the rules.

Each is a code, the text to replace and its replacement, the line at which it is reported, and its severity.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple


class CaseFault(NamedTuple):
    """A replacement in the sample's business-case.yaml; `line` is that of the new text unless it says otherwise."""

    code: str
    old: str
    new: str
    line: str = ""
    severity: Literal["error", "warning"] = "error"


CASE = "atlas/business-case.yaml"
CASE_FAULTS: Mapping[str, CaseFault] = {
    "business case in another currency": CaseFault("DB249", "currency: EUR", "currency: USD"),
    "project asked for by nobody known": CaseFault("DB220", "requested_by: ann.owner", "requested_by: ann.ower"),
    "no option chosen": CaseFault("DB280", "    chosen: true\n", "", "- id: A"),
    "two options chosen": CaseFault("DB280", "    do_nothing: true", "    do_nothing: true\n    chosen: true"),
    "two options to do nothing": CaseFault("DB281", "    chosen: true", "    chosen: true\n    do_nothing: true"),
    "no option to do nothing": CaseFault("DB282", "    do_nothing: true\n", "", "- id: A", "warning"),
    "weights do not sum to 100": CaseFault("DB283", "weight: 60}", "weight: 60.5}", "- {id: EC1"),
    "option without a score": CaseFault("DB284", "{EC1: 2, EC2: 4}", "{EC1: 2}", "- id: A"),
    "score for an unknown criterion": CaseFault("DB222", "{EC1: 2, EC2: 4}", "{EC1: 2, EC2: 4, EC3: 1}"),
    "id of a criterion twice": CaseFault(
        "DB211", "  - {id: EC2,", "  - {id: EC1, title: Again, weight: 0}\n  - {id: EC2,", "Again"
    ),
    "id of an option twice": CaseFault(
        "DB211",
        "  - id: B",
        "  - {id: A, title: Again, description: Again, scores: {EC1: 1, EC2: 1}}\n  - id: B",
        "Again",
    ),
    "id of two costs twice": CaseFault("DB211", "- {id: C2,", "- {id: C1,"),
    "benefit that the project does not have": CaseFault("DB222", "benefit: BE1", "benefit: BE2"),
    "cost after the horizon": CaseFault("DB285", "2029: 20000, 2030: 20000}", "2029: 20000, 2031: 20000}"),
    "benefit before the horizon": CaseFault("DB285", "{2027: 90000.50,", "{2025: 90000.50,"),
    "nominal rate without inflation": CaseFault("DB286", "inflation: {percent: 2, base: 2026}\n", "", "terms: nominal"),
    "inflation from another year": CaseFault("DB287", "base: 2026}", "base: 2025}"),
    "horizon too short": CaseFault("DB288", "horizon: 5", "horizon: 4", severity="warning"),
    "unknown driver": CaseFault("DB289", "driver: rate", "driver: rat"),
    "driver twice": CaseFault("DB289", "driver: G1", "driver: costs"),
    "driver without effect": CaseFault("DB290", "driver: G1", "driver: training", severity="warning"),
    "all nominal without inflation": CaseFault(
        "DB291",
        "{percent: 6, terms: nominal}\ninflation: {percent: 2, base: 2026}\n",
        "{percent: 6, terms: nominal}\nprices: nominal\n",
        "terms: nominal",
        "warning",
    ),
}
