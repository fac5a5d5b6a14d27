"""Take the colours of a theme; measure each text colour against the backgrounds it stands on; say which are too weak.

The rule is contrast of WCAG 2.1 (1.4.3), which PDF/UA-1 and EN 301 549 ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LEAST_CONTRAST = 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two #rrggbb colours, 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def weak_colours(
    colours: Mapping[str, str], styles: Iterable[tuple[str, str]], status: Mapping[str, Any]
) -> Iterator[str]:
    """Yield a sentence for each text colour that is too weak on the backgrounds it stands on."""
    shown = [*styles, *((f"status.{name}", look.colour) for name, look in status.items())]
    for name, colour in dict.fromkeys(shown):
        for ground in ("paper", "wash"):
            ratio = contrast(colour, colours[ground])
            if ratio < LEAST_CONTRAST:
                yield f"{name} ({colour}) on {ground} ({colours[ground]}) has a contrast of {ratio:.1f}, below 4.5"
