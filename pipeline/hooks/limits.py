"""Take a number of megabytes and seconds; let this process have no more; leave it alone where limits are off."""

from __future__ import annotations

import os


def limit_process(megabytes: int, seconds: int = 0) -> None:
    """Bound what this process may write to in memory and, unless 0, how long it may compute.

    It reads contributors' files outside of a worker, whose limits `pipeline.limits` sets; this one loads nothing.
    """
    if os.environ.get("DEEDBOX_LIMITS", "").strip() == "off":
        return
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for kind, wanted in ((resource.RLIMIT_DATA, megabytes << 20), (resource.RLIMIT_CPU, seconds)):
        most = resource.getrlimit(kind)[1]
        if wanted:
            resource.setrlimit(kind, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
