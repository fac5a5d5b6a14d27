"""Take the environment and the root of a repository; say where this user's cache and the store of that repository lie.

What builds believe without making it anew must be out of reach of whoever commits: so it lies with the user, not in the
repository, and only in folders that nobody else can write to. This file is part of the fast path: it imports next to
nothing, uses `os` where others use pathlib, and writes nothing.
"""

from __future__ import annotations

import os
import stat

try:
    from _blake2 import blake2b  # the same as in hashlib, without loading OpenSSL for it
except ImportError:
    from hashlib import blake2b

CACHE_VARIABLE = "DEEDBOX_CACHE"  # names the cache folder
STORE_VARIABLE = "DEEDBOX_STORE"  # names the folder of the store
STORES = "stores"  # the folder in the cache that holds a store for each repository
OUTPUTS = "outputs"  # the folder in the cache that holds what proves the lists of output folders
_OTHERS, _ALL = stat.S_IWGRP | stat.S_IWOTH, stat.S_IWOTH
_LONGEST_NAME = 40


def find_cache() -> str:
    """Return this user's cache folder, "" where there is no home for one.

    It is `DEEDBOX_CACHE`, else `deedbox` in `XDG_CACHE_HOME`, else in `~/.cache`.
    """
    own = os.environ.get(CACHE_VARIABLE)
    if own:
        return os.path.abspath(own)  # noqa: PTH100
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # noqa: PTH117 -- a relative one would be another folder wherever one stands
        home = os.path.expanduser("~")  # noqa: PTH111
        base = f"{home.rstrip('/')}/.cache" if os.path.isabs(home) else ""  # noqa: PTH117
    return f"{base.rstrip('/')}/deedbox" if base else ""


def find_store(root: str) -> str:
    """Return the folder of a repository's store, "" where there is no home for one; `root` is a real path.

    It is `DEEDBOX_STORE`, else one in the cache folder under the repository's name and a digest of its path.
    """
    own = os.environ.get(STORE_VARIABLE)
    if own:
        return os.path.abspath(own)  # noqa: PTH100
    cache = find_cache()
    return f"{cache}/{STORES}/{_make_name(root)}" if cache else ""


def find_refusal(store: str, root: str) -> str:
    """Return why the store of a repository cannot be used, in words; "" where it can, or could be made."""
    if not store:
        return "this user has no home folder, so there is no place for it"
    if is_inside_tree(store, root):
        return f"{store} lies in the repository, where whoever commits can put files"
    if os.environ.get(STORE_VARIABLE):
        return find_fault_of_store(store)
    stores = os.path.dirname(store)  # noqa: PTH120
    return find_fault_of_cache(os.path.dirname(stores)) or find_fault_of_store(stores) or find_fault_of_store(store)  # noqa: PTH120


def find_fault_of_cache(cache: str) -> str:
    """Return why nothing in a cache folder can be believed, in words: "" where only we or root can put things there."""
    try:
        found = os.stat(cache)  # noqa: PTH116 -- a link that the user has put there is his choice
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{cache} cannot be looked at ({error.strerror})"
    if not stat.S_ISDIR(found.st_mode):
        return f"{cache} is no folder"
    if found.st_uid not in (os.geteuid(), 0):
        return f"{cache} belongs to another user"
    if found.st_mode & _ALL and not found.st_mode & stat.S_ISVTX:
        return f"everybody can write to {cache} (chmod o-w {cache})"
    return ""


def is_inside_tree(path: str, root: str) -> bool:
    """Return whether a path lies, as it is written or after all links, in the clone around a folder; "" does not."""
    if not path:
        return False
    top = os.path.realpath(_find_top(root))
    places = (os.path.abspath(path), os.path.realpath(path))  # noqa: PTH100
    return any(place == top or place.startswith(f"{top.rstrip('/')}/") for place in places)


def find_fault_of_store(folder: str) -> str:
    """Return why a folder of the store cannot be believed: it has to be ours alone."""
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{folder} cannot be looked at ({error.strerror})"
    if stat.S_ISLNK(found.st_mode):
        return f"{folder} is a link"
    if not stat.S_ISDIR(found.st_mode):
        return f"{folder} is no folder"
    if found.st_uid != os.geteuid():
        return f"{folder} belongs to another user"
    if found.st_mode & _OTHERS:
        return f"others can write to {folder} (chmod go-w {folder})"
    return ""


def _find_top(root: str) -> str:
    """Return the folder that a clone fills: the nearest one from the root upwards with a `.git`, else the root."""
    folder = root
    while not os.path.lexists(f"{folder}/.git"):
        above = os.path.dirname(folder)  # noqa: PTH120
        is_bare = folder == root and os.path.isfile(f"{root}/HEAD")  # noqa: PTH113
        if above == folder or is_bare:
            return root
        folder = above
    return folder


def _make_name(root: str) -> str:
    plain = (sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in root.rsplit("/", 1)[-1])
    word = "".join(plain).lstrip(".")[:_LONGEST_NAME] or "root"
    return f"{word}-{blake2b(os.fsencode(root), digest_size=12).hexdigest()}"
