"""Take nothing; have the Linux kernel refuse this process new programs, new processes and any network, for good.

The filter is a list of what is refused, not of what is allowed: what Python, Pango and V8 need changes with each
version of theirs, what would let a process out does not. It is made by libseccomp.
"""

from __future__ import annotations

import errno
import os
import sys
from functools import cache
from typing import Any

_CLONE_THREAD = 0x00010000
_ONLY_ITSELF = ("kill", "tgkill")  # a process may end itself: abort() does
_NOT_THERE = ("clone3",)  # whoever starts a thread then takes clone, whose flags can be looked at
_REFUSED = (
    # programs and processes
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "tkill",
    "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "process_madvise",
    # the network, and rings through which it could be had
    "socket", "connect", "bind", "listen", "accept", "accept4", "io_uring_setup", "io_uring_enter", "io_uring_register",
    # what of files Landlock leaves alone: their modes, owners, times and marks, and handles around their paths
    "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat",
    "futimesat", "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    "name_to_handle_at", "open_by_handle_at",
    # memory and messages that others share
    "shmget", "shmat", "msgget", "msgsnd", "semget", "semop", "mq_open",
    # other views of the machine, and what only its owner should do
    "unshare", "setns", "chroot", "pivot_root", "mount", "umount2", "move_mount", "open_tree", "fsopen", "fsmount",
    "mount_setattr", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "capset",
    "setfsuid", "setfsgid", "bpf", "perf_event_open", "userfaultfd", "add_key", "request_key", "keyctl", "init_module",
    "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff", "sethostname",
    "setdomainname", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "acct", "quotactl", "iopl", "ioperm",
)  # fmt: skip


# Calls so young that libseccomp may not know their names; such numbers are the same on all kinds of machine.
_YOUNG = {"fchmodat2": 452, "setxattrat": 463, "removexattrat": 466}


def can_refuse_calls() -> bool:
    """Return whether this machine has what the filter needs: Linux, and libseccomp."""
    return _library() is not None


def refuse_calls() -> bool:
    """Refuse this process, its threads and all that it starts what is listed above; return whether it holds."""
    library = _library()
    if library is None:
        return False
    made = library.SyscallFilter(library.ALLOW)
    refusal = library.ERRNO(errno.EPERM)
    made.add_rule(refusal, "clone", library.Arg(0, library.MASKED_EQ, _CLONE_THREAD, 0))
    for name in _ONLY_ITSELF:
        made.add_rule(refusal, name, library.Arg(0, library.NE, os.getpid()))
    for name in _REFUSED:
        _add(made, refusal, name)
    for number in _YOUNG.values():
        _add(made, refusal, number)
    for name in _NOT_THERE:
        _add(made, library.ERRNO(errno.ENOSYS), name)
    try:
        made.load()
    except OSError:
        return False
    return True


def _add(made: Any, action: int, call: str | int) -> None:
    """Refuse a call by its name or number; one that this kind of machine does not have needs no rule."""
    try:
        made.add_rule(action, call)
    except (OSError, ValueError, RuntimeError):
        return


@cache
def _library() -> Any:
    """Return the binding of libseccomp; None where either is missing, or this is not Linux."""
    if sys.platform != "linux":
        return None
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError, AttributeError):
        return None
    return pyseccomp
