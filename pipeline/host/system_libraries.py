"""Take the names under which this machine may have Pango and its kin; load each; give their versions and files."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

ABSENT = "absent"
_NAMED = re.compile(r"\.(?:so|dylib)[.\d]*$")


def read_system_libraries() -> tuple[dict[str, str], tuple[Path, ...]]:
    """Return the versions of the libraries that lay out and embed text, and the files that they were loaded from.

    A library that is not here is `absent`: what needs it says so when it is used.
    """
    versions = {}
    for name, (files, ask) in _LIBRARIES.items():
        library = _load(files)
        versions[name] = _ask(library, ask) if library is not None else ABSENT
    return versions, tuple(_loaded_files())


def _load(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        with suppress(OSError):
            return ctypes.CDLL(name)
    return None


def _ask(library: ctypes.CDLL, ask: Callable[[ctypes.CDLL], str]) -> str:
    try:
        return ask(library)
    except AttributeError:
        return "unknown"


def _text(name: str) -> Callable[[ctypes.CDLL], str]:
    def ask(library: ctypes.CDLL) -> str:
        function = getattr(library, name)
        function.restype = ctypes.c_char_p
        return str(function().decode("ascii"))

    return ask


def _number(name: str) -> Callable[[ctypes.CDLL], str]:
    return lambda library: str(getattr(library, name)())


def _freetype(library: ctypes.CDLL) -> str:
    handle, numbers = ctypes.c_void_p(), [ctypes.c_int() for _ in range(3)]
    if library.FT_Init_FreeType(ctypes.byref(handle)):
        return "unknown"
    library.FT_Library_Version(handle, *(ctypes.byref(number) for number in numbers))
    library.FT_Done_FreeType(handle)
    return ".".join(str(number.value) for number in numbers)


def _loaded_files() -> Iterator[Path]:
    """Give the files of these libraries where the system tells of them, as Linux does."""
    words = tuple(files[0].partition(".")[0] for files, _ in _LIBRARIES.values())
    with suppress(OSError):
        lines = Path("/proc/self/maps").read_text("utf-8", "replace").splitlines()
        paths = dict.fromkeys(line.split(maxsplit=5)[-1] for line in lines)
        yield from (Path(path) for path in paths if _NAMED.search(path) and Path(path).name.startswith(words))


# What WeasyPrint loads, under the names that Linux, macOS and Windows know.
_LIBRARIES: dict[str, tuple[tuple[str, ...], Callable[[ctypes.CDLL], str]]] = {
    "Pango": (
        ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
        _text("pango_version_string"),
    ),
    "HarfBuzz": (("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"), _text("hb_version_string")),
    "HarfBuzz-subset": (
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
        _text("hb_version_string"),
    ),
    "Fontconfig": (("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"), _number("FcGetVersion")),
    "FreeType": (("libfreetype.so.6", "libfreetype.6.dylib", "libfreetype-6.dll"), _freetype),
}
