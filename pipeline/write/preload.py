"""Take nothing; load what writers need and our fonts; give a process from which workers can be forked at once.

Nothing here may start a thread: a process that has any cannot be forked safely.
"""

from __future__ import annotations

import gc
from importlib import import_module
from pathlib import Path

FOLDERS: list[Path] = []


def _load() -> None:
    # All of these are loaded for the workers.
    import pipeline.write.charts
    import pipeline.write.docx.package
    import pipeline.write.raster
    import pipeline.write.step  # noqa: F401
    from pipeline.document.formats import FORMATS
    from pipeline.problems import Stop
    from pipeline.write.fonts import drawable_characters, prepare_fonts
    from pipeline.write.pdf.page import read_base

    for format in FORMATS:
        import_module(f"pipeline.write.{format}")
    try:
        FOLDERS.append(prepare_fonts())
        drawable_characters()
        read_base()
    except (OSError, Stop):
        # The worker that needs the engine reports what is missing, with the commands that install it.
        pass


# What is loaded stays: collections in between would be a tenth of the time, and none of a worker need look at it, so
# that its pages of memory stay shared.
gc.disable()
_load()
gc.enable()
gc.collect()
gc.freeze()
