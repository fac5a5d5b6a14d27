"""Take nothing; load what writers need and our fonts; give a process from which workers can be forked at once.

Nothing here may start a thread: a process that has any cannot be forked safely.
"""

from __future__ import annotations

import gc
import sys
from pickle import UnpicklingError
from types import TracebackType

_TORN = (EOFError, UnpicklingError)


def _load() -> None:
    # All of these are loaded for the workers.
    import pipeline.write.charts
    import pipeline.write.docx.package
    import pipeline.write.html
    import pipeline.write.pdf
    import pipeline.write.raster
    import pipeline.write.step  # noqa: F401
    from pipeline.problems import Stop
    from pipeline.write.fonts import drawable_characters
    from pipeline.write.pdf.page import read_base

    try:
        drawable_characters()
        read_base()
    except (OSError, Stop):
        # The worker that needs the engine reports what is missing, with the commands that install it.
        pass


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell why a worker did not start, unless whoever asked for it ended meanwhile: that is no fault.

    What goes wrong later in a worker does not come by here.
    """
    if not issubclass(kind, _TORN):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _tell
# What is loaded stays: collections in between would be a tenth of the time, and none of a worker need look at it, so
# that its pages of memory stay shared.
gc.disable()
_load()
gc.enable()
gc.collect()
gc.freeze()
