"""Take the name of a file; tell whether an editor or office program has put it there for a while; give yes or no.

Such files are no sources as long as Git does not track them: a document is not a draft because somebody has it open.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

# As in a .gitignore file, each for the name alone.
PATTERNS = (
    ".#*",  # Emacs: a link that locks
    "[#]*#",  # Emacs: what is not saved yet
    "*~",  # Emacs, Vim, gedit: the state before
    "4913",  # Vim: tries whether it may write here
    "*.sw[opx]",
    "*.swpx",
    "~$*",  # Word, Excel, PowerPoint: a lock
    ".~lock.*#",  # LibreOffice: a lock
    "*.tmp",
    "*___jb_tmp___",  # JetBrains
    "*___jb_old___",
    ".goutputstream-*",  # GNOME
    "*.kate-swp",
    ".DS_Store",
)


def is_passing(path: str) -> bool:
    """Return whether a path has the name of a file that is there for a while only."""
    name = path.rstrip("/").rpartition("/")[2]
    return any(fnmatchcase(name, pattern) for pattern in PATTERNS)
