"""Take a measured value and its limits; compare; give a traffic light.

A light is green up to its first limit, amber up to its second, red beyond: the limits are printed beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.model.progress import LightOverride

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


def judge_compliance(percent: Decimal | int) -> Light:
    """Return the light of a phase exit review: red up to 50 % compliance, amber up to 80 %, green above (PM²)."""
    if percent > 80:
        return "on_track"
    return "at_risk" if percent > 50 else "off_track"


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light as computed, and as somebody states it instead, if anybody does; the report prints both."""

    computed: Light
    override: LightOverride | None = None

    @property
    def shown(self) -> Light:
        """Return the stated light, else the computed one."""
        return self.override.light if self.override else self.computed
