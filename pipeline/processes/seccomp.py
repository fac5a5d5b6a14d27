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
# Calls that may be about this process, which 0 names, and about no other: the number of the argument that says so.
_ONLY_ZERO = {
    "prlimit64": 0, "sched_setaffinity": 0, "sched_setattr": 0, "sched_setparam": 0, "sched_setscheduler": 0,
    "setpriority": 1, "ioprio_set": 1, "get_robust_list": 0, "migrate_pages": 0, "move_pages": 0,
}  # fmt: skip
# What may not be asked of a file, by its number: typing into a terminal, and signals to whoever is said to own it.
_REFUSED_COMMANDS = {
    "ioctl": (0x5412, 0x541C, 0x8901, 0x8902),  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
    "fcntl": (8, 10, 15),  # F_SETOWN, F_SETSIG, F_SETOWN_EX
}
_INT = 0xFFFFFFFF  # the kernel looks at so much of a command
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
    # what others do: names in foreign folders, words of the kernel; another session or group
    "inotify_init", "inotify_init1", "inotify_add_watch", "fanotify_init", "fanotify_mark", "syslog", "setsid",
    "setpgid",
    # memory and messages that others share, or nobody counts
    "memfd_create", "memfd_secret", "shmget", "shmat", "msgget", "msgsnd", "semget", "semop", "mq_open",
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
    for name, at in _ONLY_ZERO.items():
        _add(made, refusal, name, library.Arg(at, library.NE, 0))
    for name, commands in _REFUSED_COMMANDS.items():
        for command in commands:
            _add(made, refusal, name, library.Arg(1, library.MASKED_EQ, _INT, command))
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


def _add(made: Any, action: int, call: str | int, *conditions: Any) -> None:
    """Refuse a call by its name or number; one that this kind of machine does not have needs no rule."""
    try:
        made.add_rule(action, call, *conditions)
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
