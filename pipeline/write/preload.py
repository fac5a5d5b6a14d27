"""Take nothing; load what writers need and our fonts; give a process from which workers can be forked at once.

Nothing here may start a thread: a process that has any cannot be forked safely.
"""

from __future__ import annotations

import gc
import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

FOLDERS: list[Path] = []
_NOWHERE = os.devnull  # a search path on which no program is found


def _load() -> None:
    # All of these are loaded for the workers.
    import pipeline.write.charts
    import pipeline.write.docx.package
    import pipeline.write.raster
    import pipeline.write.step  # noqa: F401
    from pipeline.document.formats import FORMATS
    from pipeline.problems import Stop
    from pipeline.write.fonts import drawable_characters, prepare_fonts

    for format in FORMATS:
        import_module(f"pipeline.write.{format}")
    # The worker that needs the engine reports what is missing, with the commands that install it.
    with suppress(OSError, Stop):
        FOLDERS.append(prepare_fonts())
        drawable_characters()
    _load_engine()


def _load_engine() -> None:
    """Load the layout engine.

    WeasyPrint asks for its libraries by the names that they have on other systems too. For each that is not there
    Python starts a compiler and a linker, which takes longer than all else here: so none is found, unless the system's
    own list of libraries does not name those that are needed.
    """
    from pipeline.problems import Stop
    from pipeline.write.pdf.layout import read_base

    path = os.environ.get("PATH", os.defpath)
    for programs in (_NOWHERE, path):
        os.environ["PATH"] = programs
        with suppress(OSError, Stop):
            read_base()
            break
    os.environ["PATH"] = path


# What is loaded stays: collections in between would be a tenth of the time, and none of a worker need look at it, so
# that its pages of memory stay shared.
gc.disable()
_load()
gc.enable()
gc.collect()
gc.freeze()
