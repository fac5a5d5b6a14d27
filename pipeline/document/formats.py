"""The table of the formats that a build writes: each by the ending of its files, with what others must know of it.

The package `pipeline/write/<ending>/` writes it. Settings, their schema, `--to`, lists of documents and the preview
take the formats from here. A build that has nothing to do loads this, so it imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Format:
    """What is known of a format: its name in lists of documents, its media type, whether a file of it has pages.

    `rank` orders the files of one document: so they are written, and so a list of documents links them. A format that
    counts pages stands before one that shows their numbers. `fault` is the code of problems that the quick look at a
    finished file finds (`find_faults` of the writer); "" where there is none.
    """

    __slots__ = ("fault", "label", "media", "paged", "rank")

    def __init__(self, label: str, media: str, rank: int, *, paged: bool = False, fault: str = "") -> None:
        self.label = label
        self.media = media
        self.rank = rank
        self.paged = paged
        self.fault = fault


FORMATS: Mapping[str, Format] = {
    "docx": Format(
        "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 2, paged=True, fault="DB441"
    ),
    "pdf": Format("PDF", "application/pdf", 1, paged=True, fault="DB442"),
    "html": Format("Web page", "text/html; charset=utf-8", 3),
}


def rank_formats(names: Mapping[str, object] | tuple[str, ...]) -> list[str]:
    """Return formats in the order in which they are written and listed; one that is not known comes last."""
    return sorted(names, key=lambda name: FORMATS[name].rank if name in FORMATS else len(FORMATS) + 1)
