"""Take jobs, formats and selectors; decide what is to be written; give a plan of steps, each with its reason."""

from __future__ import annotations

from pipeline.plan.select import Selection, read_selectors
from pipeline.plan.steps import Folder, Step, make_steps

__all__ = ["Folder", "Selection", "Step", "make_steps", "read_selectors"]
