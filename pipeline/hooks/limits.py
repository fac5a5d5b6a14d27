"""Take a number of megabytes and seconds; let this process have no more; leave it alone where limits are off."""

from __future__ import annotations

import os
import re

_SETTING = "DEEDBOX_LIMITS"


def limit_process(megabytes: int, seconds: int = 0) -> None:
    """Bound what this process may write to in memory and, unless 0, how long it may compute.

    It reads contributors' files outside of a worker, whose limits `pipeline.limits` sets; this one loads nothing. Where
    the setting grants a document less memory than that, this process gets no more either.
    """
    said = re.search(r"\bmemory=([1-9][0-9]{0,8})\b", os.environ.get(_SETTING, ""))
    limit_command(min(megabytes, int(said[1])) if said else megabytes, seconds)


def limit_command(megabytes: int, seconds: int = 0) -> None:
    """Bound this process like that, whatever the setting grants a document, unless it says that there be no limits."""
    if os.environ.get(_SETTING, "").strip() == "off":
        return
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for kind, wanted in ((resource.RLIMIT_DATA, megabytes << 20), (resource.RLIMIT_CPU, seconds)):
        most = resource.getrlimit(kind)[1]
        if wanted:
            resource.setrlimit(kind, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
