"""Take the theme and how the page lies; choose sizes and inks for charts; give the look that all charts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from pipeline.document.theme import Theme

# A figure is never higher than this share of the text area: the writers keep it so, that its caption fits below.
_TALLEST = {False: 0.49, True: 0.6}


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in points and inks as #rrggbb: one emphasis (`accent`), the rest grey, `alarm` for what is late or over.

    `face` is the font that charts are measured with and the PDF embeds, `word_face` its equal in Word; `levels` are the
    fills of risk levels.
    """

    width: float
    tallest: float
    face: str
    word_face: str
    size: float
    text: str
    title: str
    accent: str
    grey: str
    line: str
    wash: str
    tint: str
    paper: str
    alarm: str
    levels: Mapping[str, str]

    @property
    def small(self) -> float:
        """Return the size of side remarks."""
        return self.size - 1

    @property
    def row(self) -> float:
        """Return the height of a line of labels."""
        return round(self.size * 1.45, 1)

    @property
    def soft(self) -> str:
        """Return an ink for small words on a coloured ground, dark enough to be read there."""
        return mix(self.text, self.paper, 0.2)

    @property
    def pale(self) -> str:
        """Return the accent's light shade: what is planned or still to do."""
        return mix(self.accent, self.paper, 0.72)

    @property
    def pale_grey(self) -> str:
        """Return the light shade of grey."""
        return mix(self.grey, self.paper, 0.75)

    @property
    def mid_grey(self) -> str:
        """Return a grey for marks that stand back behind the emphasis."""
        return mix(self.grey, self.paper, 0.3)


def make_look(theme: Theme, *, landscape: bool = False) -> Look:
    """Return the look of charts on the pages of a theme, as wide as their text in whole points."""
    page, colours = theme.page, theme.colours
    height = (page.width if landscape else page.height) - page.top - page.bottom
    return Look(
        width=ceil(page.landscape_text_width if landscape else page.text_width),
        tallest=int(height * _TALLEST[landscape]),
        face=theme.text_font.pdf,
        word_face=theme.text_font.word,
        size=theme.text["figure-note"].size,
        **{name: colours[name] for name in ("text", "title", "accent", "grey", "line", "wash", "tint", "paper")},
        alarm=theme.status["off_track"].colour,
        levels=theme.levels,
    )


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour mixed with `share` (0 to 1) of another, both #rrggbb."""
    channels = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in channels)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
