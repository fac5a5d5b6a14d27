"""Take WeasyPrint's layout of lines; mend the step that drives footnotes from their call's page; give whether it did.

Where the second line of a paragraph does not fit, WeasyPrint 70 first pushes the page's footnotes, one after the other,
on to the next page, to make room; it does so even where that does not help. Word keeps a note with its call, and so do
we: the paragraph goes to the next page instead. There is no setting for it, so the condition itself is replaced.
"""

from __future__ import annotations

import inspect
from functools import cache

_PUSHED = "report = not context.in_column and can_break_now and not could_break_before"


@cache
def keep_notes() -> bool:
    """Let notes stay on the page of their call; False where this WeasyPrint is not the one that is known."""
    from weasyprint.layout import block

    source = inspect.getsource(block._linebox_layout)
    if source.count(_PUSHED) != 1:
        return False
    exec(compile(source.replace(_PUSHED, "report = False"), block.__file__, "exec"), vars(block))
    return True
