"""Take folders that may be read; have the Linux kernel refuse this process all other files and TCP, for good.

Landlock is the kernel's own sandbox for processes without privileges (`man 7 landlock`). It is three system calls,
which neither the C library nor a library of some age wraps, so they are made here.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

# Numbers of the kernel's interface (include/uapi/linux/landlock.h), the same on all kinds of machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38  # prctl
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE, _IOCTL_DEVICE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
_READ = _READ_FILE | _READ_DIR
# What each version of the interface can refuse, first version first: files, their moving, cutting, device control.
_FILE_RIGHTS = ((1 << 13) - 1, 1 << 13, _TRUNCATE, 0, _IOCTL_DEVICE)
_TCP, _TCP_SINCE = 0b11, 4  # to bind and to connect
_SCOPES, _SCOPES_SINCE = 0b11, 6  # abstract sockets of others, signals to others


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathRule(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


@cache
def read_version() -> int:
    """Return the version of Landlock that the kernel has, 0 where it has none or does not use it."""
    if sys.platform != "linux":
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_ASK_VERSION))))


def restrict_files(readable: Iterable[Path]) -> bool:
    """Let this process, and all that it starts, read below these paths and no other file; return whether that holds.

    Files that are open already stay so. To be called before there is a second thread: it binds the calling one.
    """
    version = read_version()
    if not version:
        return False
    rights = sum(_FILE_RIGHTS[:version])
    wanted = _Ruleset(rights, _TCP if version >= _TCP_SINCE else 0, _SCOPES if version >= _SCOPES_SINCE else 0)
    size = ctypes.sizeof(wanted) if version >= _SCOPES_SINCE else 16 if version >= _TCP_SINCE else 8
    ruleset = _libc().syscall(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, _READ)
        _allow(ruleset, Path(os.devnull), _READ_FILE | _WRITE_FILE)
        _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return not _libc().syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Allow what lies below a path; what is not there needs no rule."""
    with suppress(OSError):
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            allowed = rights if path.is_dir() else rights & ~_READ_DIR
            rule = _PathRule(allowed, folder)
            _libc().syscall(
                _ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), ctypes.byref(rule), ctypes.c_uint32(0)
            )
        finally:
            os.close(folder)


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
