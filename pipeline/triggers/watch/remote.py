"""Take a folder; find what kind of file system it lies on; tell whether others may change it without us being told."""

from __future__ import annotations

from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
# Shared with other machines, or with what hosts this one: what they change, the kernel here never sees.
_REMOTE = frozenset({
    "9p", "afs", "ceph", "cifs", "davfs", "drvfs", "fuse.gcsfuse", "fuse.glusterfs", "fuse.grpcfuse", "fuse.osxfs",
    "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.vmhgfs-fuse", "fakeowner", "gpfs", "lustre", "ncpfs", "nfs", "nfs4",
    "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs",
})  # fmt: skip


def find_remote_kind(folder: Path, mounts: Path = _MOUNTS) -> str:
    """Return the kind of file system that a folder lies on, if it is one that others change unseen; else ""."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    kind, longest = "", -1
    for line in lines:
        front, _, back = line.partition(" - ")
        point = _decode(front.split()[4])
        # Of two at one point the later one lies on top.
        if folder.is_relative_to(point) and len(point) >= longest:
            kind, longest = back.split()[0], len(point)
    return kind if kind in _REMOTE else ""


def _decode(text: str) -> str:
    """Return a path as it is: the kernel writes blanks and backslashes in it as octal numbers."""
    for number in ("040", "011", "012", "134"):
        text = text.replace(f"\\{number}", chr(int(number, 8)))
    return text
