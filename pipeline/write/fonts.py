"""Take the font packages; cut and gather the faces that documents use in a cache folder; point fontconfig at it alone.

The PDF must not depend on a machine's fonts, so Pango is shown one folder: four static cuts of Arimo (made once from
its variable fonts) and four faces of IBM Plex Mono.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pipeline.host.cache import find_cache, find_fault_of_cache
from pipeline.problems import MACHINE_LACKS, Problem, Stop

_RECIPE = "1"  # raise it when the way the faces are made changes
_PACKAGES = ("fontpkg-arimo", "fontpkg-ibm-plex-mono", "fonttools")
_CUTS = (
    ("Arimo-Regular.ttf", "Arimo[wght].ttf", 400),
    ("Arimo-Bold.ttf", "Arimo[wght].ttf", 700),
    ("Arimo-Italic.ttf", "Arimo-Italic[wght].ttf", 400),
    ("Arimo-BoldItalic.ttf", "Arimo-Italic[wght].ttf", 700),
)
_STATIC = (
    "IBMPlexMono-Regular.ttf",
    "IBMPlexMono-Bold.ttf",
    "IBMPlexMono-Italic.ttf",
    "IBMPlexMono-BoldItalic.ttf",
)
_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by deedbox from its font packages; may be deleted.\n"
_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{faces}</dir>
  <cachedir>{index}</cachedir>
</fontconfig>
"""


def prepare_fonts() -> Path:
    """Return the folder with our faces and `fonts.conf`, made if it is not there yet.

    It sets `FONTCONFIG_FILE` for the whole process, so it must run before Pango or WeasyPrint is imported: from then on
    nothing in the process sees a font of the system.
    """
    folder = cache_folder() / f"fonts-{fonts_digest()[:16]}"
    _stop_if(find_fault_of_cache(str(folder.parent)), folder)
    try:
        if not (folder / "fonts.conf").is_file():
            _make_folder(folder)
    except OSError as error:
        _stop_if(f"{folder.parent} cannot be written to ({error.strerror or error})", folder)
    _stop_if(find_fault_of_cache(str(folder)), folder)
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    return folder


def cache_folder() -> Path:
    """Return the user's cache folder, see `pipeline/host/cache.py`; Stop (exit 4) where there is none."""
    cache = find_cache()
    if not cache:
        _stop_if("this user has no home folder", Path())
    return Path(cache)


def _stop_if(fault: str, folder: Path) -> None:
    if fault:
        message = f"the fonts of the documents cannot be kept in the cache folder: {fault}"
        hint = "export DEEDBOX_CACHE=FOLDER, with a folder of your own that has some 10 MB of space"
        raise Stop(Problem("DB528", message, hint=hint), exit_code=MACHINE_LACKS)


@cache
def fonts_digest() -> str:
    """Return a digest of all that decides what the faces look like: the font files and the versions of the tools."""
    digest = sha256(repr((_RECIPE, [version(name) for name in _PACKAGES])).encode())
    for path in _sources():
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def drawable_characters() -> frozenset[int]:
    """Return the code points that at least one of our faces can draw."""
    from fontTools.ttLib import TTFont

    known: set[int] = set()
    for path in _sources():
        with TTFont(path, lazy=True) as font:
            known.update(font.getBestCmap())
    return frozenset(known)


def _sources() -> tuple[Path, ...]:
    import fontpkg_arimo
    import fontpkg_ibm_plex_mono

    variable = [fontpkg_arimo.ROOT / "files" / name for name in sorted({source for _, source, _ in _CUTS})]
    static = [fontpkg_ibm_plex_mono.ROOT / "files" / name for name in _STATIC]
    return (*variable, *static)


def _make_folder(folder: Path) -> None:
    # Made beside its place and renamed: another process sees the whole folder or none.
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _fill_folder(building, folder)
        building.chmod(0o755)
        building.rename(folder)
    except OSError:
        # A process that was quicker left the same folder there; any other reason stands.
        if not (folder / "fonts.conf").is_file():
            raise
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _fill_folder(folder: Path, final: Path) -> None:
    sources = {path.name: path for path in _sources()}
    faces = folder / "faces"
    faces.mkdir()
    for name, source, weight in _CUTS:
        _cut(sources[source], weight, faces / name)
    for name in _STATIC:
        shutil.copyfile(sources[name], faces / name)
    (folder / "CACHEDIR.TAG").write_text(_CACHE_TAG, encoding="ascii")
    paths = {"faces": escape(str(final / "faces")), "index": escape(str(final / "index"))}
    (folder / "fonts.conf").write_text(_FONTS_CONF.format(**paths), encoding="utf-8")


def _cut(source: Path, weight: int, target: Path) -> None:
    """Write one static face of a variable font, byte for byte the same every time."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    with TTFont(source, recalcTimestamp=False) as variable:
        face: Any = instantiateVariableFont(variable, {"wght": weight}, inplace=True, updateFontNames=True)
        face.save(target)
