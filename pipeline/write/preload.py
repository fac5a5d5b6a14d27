"""Take nothing; load what writers need and our fonts; give a process from which workers can be forked at once."""

from __future__ import annotations

from pipeline.problems import Stop
from pipeline.write.fonts import prepare_fonts

try:
    prepare_fonts()
    import weasyprint  # noqa: F401  (loaded for the workers)
except (OSError, Stop):
    # The worker that needs the engine reports what is missing, with the commands that install it.
    pass

import pipeline.write.docx
import pipeline.write.html
import pipeline.write.pdf  # noqa: F401  (loaded for the workers)
