"""Take nothing but the machine; try each thing that a build needs; give findings with the commands that mend them."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.host.known_libraries import find_misfits
from pipeline.problems import Stop

PYTHON = (3, 11)
GIT = (2, 26)
INSTALL = "make setup, or: python3 -I -m pip install --require-hashes -r requirements.txt"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a build needs: is it there, what was seen, and a command for each kind of machine if it lacks."""

    what: str
    ok: bool
    seen: str
    mend: tuple[str, ...] = ()
    differs: bool = False  # a build runs, but its documents are not those of other machines


def packages(apt: str, dnf: str, brew: str) -> tuple[str, ...]:
    """Return the commands that install system packages on Debian or Ubuntu, on Fedora or Red Hat, and on macOS."""
    return (f"sudo apt-get install {apt}", f"sudo dnf install {dnf}", f"brew install {brew}")


PANGO = packages("libpango-1.0-0 libpangoft2-1.0-0", "pango", "pango")
SUBSET = packages("libharfbuzz-subset0", "harfbuzz", "harfbuzz")
GIT_COMMANDS = packages("git", "git", "git")
PYTHON_COMMANDS = packages("python3 python3-venv", "python3.11", "python@3.11")


def check_machine() -> Iterator[Finding]:
    """Yield what the machine has and lacks, whatever the project."""
    yield check_python()
    yield from check_libraries()
    yield check_changes()
    yield from check_pango()
    yield check_fonts()
    yield check_git()
    yield check_confinement()


def check_python() -> Finding:
    """Return the version of Python and whether it is new enough."""
    seen = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", sys.version_info >= PYTHON, seen, PYTHON_COMMANDS)


def check_libraries() -> Iterator[Finding]:
    """Yield each library that the package asks for, with the version that is here."""
    from importlib.metadata import PackageNotFoundError, requires, version

    try:
        wanted = requires("deedbox") or []
    except PackageNotFoundError:
        yield Finding(
            "Deedbox", False, "runs from a folder, is not installed", (INSTALL, "python3 -I -m pip install -e .")
        )
        return
    for line in wanted:
        name, bounds, condition = _read_requirement(line)
        if not bounds or "extra" in condition or ("linux" in condition and sys.platform != "linux"):
            continue
        least, below = bounds.get(">=", "0"), bounds.get("<", "")
        wants = f"wants {least} or newer, below {below}" if below else f"wants {least} or newer"
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Finding(name, False, f"missing, {wants}", (INSTALL,))
            continue
        is_new = bool(below) and _numbers(found) >= _numbers(below)
        is_old = _numbers(found) < _numbers(least)
        yield Finding(name, not is_old, f"{found} ({wants})", (INSTALL,), differs=is_new)


def check_changes() -> Finding:
    """Return whether the libraries that are changed while they run are those that the changes are made for."""
    misfits = find_misfits()
    if not misfits:
        return Finding("Page breaks", True, "WeasyPrint and pydyf are as Deedbox knows them")
    seen = "; ".join(problem.message for problem in misfits)
    return Finding("Page breaks", True, seen, tuple(problem.hint for problem in misfits), differs=True)


def check_pango() -> Iterator[Finding]:
    """Yield whether the libraries that lay out PDF pages can be loaded."""
    from ctypes.util import find_library

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from weasyprint.text import ffi
    except OSError as error:
        yield Finding("Pango", False, str(error).splitlines()[0][:100], PANGO)
        yield Finding("HarfBuzz-subset", find_library("harfbuzz-subset") is not None, "looked for by name", SUBSET)
        return
    except ImportError as error:
        yield Finding("WeasyPrint", False, str(error)[:100], (INSTALL,))
        return
    number = ffi.pango.pango_version()
    yield Finding("Pango", True, f"{number // 10000}.{number // 100 % 100}.{number % 100}")
    has_subset = ffi.harfbuzz_subset is not None
    yield Finding("HarfBuzz-subset", has_subset, "can be loaded" if has_subset else "cannot be loaded", SUBSET)


def check_fonts() -> Finding:
    """Return whether the fonts of the documents can be made in the cache folder."""
    try:
        from pipeline.write.fonts import prepare_fonts

        folder = prepare_fonts()
    except (OSError, ImportError, RuntimeError) as error:
        mend = (INSTALL, "export DEEDBOX_CACHE=FOLDER, with a folder that you may write to")
        return Finding("Fonts", False, f"cannot be made: {error}"[:120], mend)
    except Stop as stop:
        return Finding("Fonts", False, stop.problems[0].message, (stop.problems[0].hint,))
    return Finding("Fonts", True, f"ready in {folder}")


def check_git() -> Finding:
    """Return the version of Git and whether it is new enough."""
    try:
        from pipeline.sources.git.run import load_gitpython

        found = load_gitpython()[0].cmd.Git().version_info
    except Stop as stop:
        return Finding("Git", False, stop.problems[0].message, GIT_COMMANDS)
    except (ImportError, OSError) as error:
        return Finding("Git", False, str(error).splitlines()[0][:100], GIT_COMMANDS)
    seen = ".".join(str(part) for part in found)
    return Finding("Git", tuple(found) >= GIT, f"{seen} (wants {GIT[0]}.{GIT[1]} or newer)", GIT_COMMANDS)


def check_confinement() -> Finding:
    """Return what the processes are refused that read what contributors wrote: tried out in one of them.

    A build does without: the limits on memory and time hold everywhere.
    """
    from pipeline.processes.fork_server import RENDERERS
    from pipeline.processes.frames import part_frames
    from pipeline.processes.limits import Limits
    from pipeline.processes.worker import Worker, WorkerDied

    try:
        refused, _ = part_frames(Worker(Limits(), RENDERERS).do("pipeline.processes.jail.try_out", b""))
    except (WorkerDied, TimeoutError, ValueError):
        return Finding("Confinement", False, "no process could be started to try it out", ("ulimit -a",))
    words = {"files": "reading other files", "writing": "writing", "network": "the network", "programs": "programs"}
    held = [text for name, text in words.items() if refused.get(name)]
    lacks = [text for name, text in words.items() if not refused.get(name)]
    seen = f"contributors' files are refused {', '.join(held) or 'nothing'}"
    return Finding("Confinement", True, f"{seen}; NOT refused here: {', '.join(lacks)}" if lacks else seen)


def check_repository(directory: Path) -> Iterator[Finding]:
    """Yield the state of the project repository around a folder, and whether its outputs can be written."""
    from pipeline.sources.git.repository import is_shallow, open_git
    from pipeline.sources.root import find_root

    try:
        root = find_root(directory)
        with open_git(root) as folder:
            shallow = is_shallow(folder)
    except Stop as stop:
        yield Finding("Repository", True, f"none here: {stop.problems[0].message}")
        return
    seen = f"{root}, cut-off history: revisions would be unknown" if shallow else str(root)
    yield Finding("Repository", not shallow, seen, ("git fetch --unshallow",))
    yield check_writable(root / "build")
    yield check_store(root)


def check_store(root: Path) -> Finding:
    """Return where what builds keep for a repository lies, or why none can be used."""
    from pipeline.host.cache import find_refusal, find_store

    real = os.path.realpath(root)
    store = find_store(real)
    refusal = find_refusal(store, real)
    nearest = next((path for path in (Path(store), *Path(store).parents) if os.access(path, os.F_OK)), Path(os.sep))
    if not refusal and not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        refusal = f"{nearest} is read-only for you"
    mend = ("export DEEDBOX_CACHE=FOLDER, with a folder of your own outside of the repository",)
    return Finding("Store", not refusal, refusal or store, mend)


def check_writable(folder: Path) -> Finding:
    """Return whether files can be written into a folder that may not exist yet."""
    nearest = next(path for path in (folder, *folder.parents) if os.access(path, os.F_OK))
    is_open = nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    seen = f"{folder} can be written" if is_open else f"{nearest} is read-only for you"
    return Finding("Output", is_open, seen, (f"chmod u+w {nearest}", "deedbox build -o FOLDER"))


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("+")[0])[:4])


def _read_requirement(line: str) -> tuple[str, dict[str, str], str]:
    """Return what a line such as `pydyf<0.14,>=0.13; sys_platform == "linux"` names: library, bounds, condition."""
    wanted, _, condition = line.partition(";")
    match = re.match(r"[A-Za-z0-9._-]+", wanted)
    bounds = {sign: number for sign, number in re.findall(r"(>=|<(?!=))\s*([0-9.]+)", wanted)}
    return match[0] if match else "", bounds, condition
