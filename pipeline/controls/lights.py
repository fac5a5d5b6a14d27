"""Take a measured value and its limits; compare; give a traffic light.

A light is green up to its first limit, amber up to its second, red beyond: the limits are printed beside it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

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
