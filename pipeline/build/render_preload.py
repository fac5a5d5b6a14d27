"""Load what rendering needs; leave a process from which children that render can be forked at once.

Nothing here may start a thread: a process that has any cannot be forked safely.
"""

from __future__ import annotations

import gc

from pipeline.document.house import house_folder

FOLDERS = (house_folder(),)


def _load() -> None:
    # All of these are loaded for the children.
    import pipeline.build.rendering
    import pipeline.controls.figures
    import pipeline.render.charts  # noqa: F401


# What is loaded stays, shared by all children: a collection in any of them need not look at it.
gc.disable()
_load()
gc.enable()
gc.collect()
gc.freeze()
# A document of many rows is many objects and no circles: each look at all of them would find next to nothing.
gc.set_threshold(100_000, 20, 20)
