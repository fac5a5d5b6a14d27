"""Take what a child process is to run; give a command, environment and folder in which nobody can have planted code.

Python puts the current folder before its own library; Git and the dynamic loader obey dozens of variables; a program
without a path is looked for where `PATH` says. Where somebody else can write, each of these is a way to run code. So
every process of ours is started with what this module gives, and with nothing else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache

# A folder that is always there, in which only the machine's owner can put anything.
NEUTRAL = os.path.abspath(os.sep)  # noqa: PTH100 -- a command that has nothing to do loads no pathlib for this

# What a child may know of the environment. None of these names code, a library or a program to load.
_KEPT = frozenset((
    "HOME", "LANG", "LANGUAGE", "LOGNAME", "NO_COLOR", "PATH", "SHELL", "SOURCE_DATE_EPOCH", "SYSTEMROOT", "TEMP",
    "TERM", "TMP", "TMPDIR", "TZ", "USER", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR",
    "OMP_NUM_THREADS", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS",
))  # fmt: skip
_KEPT_PREFIXES = ("DEEDBOX_", "LC_")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120


def make_python_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of ours in a fresh Python which imports from its own installation alone.

    Where our package lies outside the installation (a checkout, for instance), its folder is appended: after library
    and site, so that nothing beside our package can stand in for a module of theirs.
    """
    return [sys.executable, *_isolating_flags(), "-c", _BOOT, _home_of_package(), module, *arguments]


_BOOT = (
    "import sys; home, module = sys.argv[1:3]; del sys.argv[1:3]; "
    "home in sys.path or not home or sys.path.append(home); "
    "import runpy; runpy.run_module(module, run_name='__main__', alter_sys=True)"
)


def make_environment(keep: Iterable[str] = (), **more: str) -> dict[str, str]:
    """Return the environment of a child: what it may know of ours, variables named in `keep`, and `more`.

    A name in `keep` that ends in `*` stands for all that begin so. `PATH` names absolute folders only.
    """
    names = frozenset(one for one in keep if not one.endswith("*"))
    prefixes = (*_KEPT_PREFIXES, *(one[:-1] for one in keep if one.endswith("*")))
    kept = {
        name: value for name, value in os.environ.items() if name in _KEPT or name in names or name.startswith(prefixes)
    }
    if "PATH" in kept:
        kept["PATH"] = make_search_path(kept["PATH"])
    return {**kept, **more}


def make_search_path(path: str) -> str:
    """Return a search path without entries that mean another folder wherever a process stands: empty, `.`, relative."""
    return os.pathsep.join(one for one in path.split(os.pathsep) if os.path.isabs(one))  # noqa: PTH117


def find_program(name: str) -> str | None:
    """Return the full path of a program in the search path, never one found through the current folder."""
    from shutil import which

    return which(name, path=make_search_path(os.environ.get("PATH", os.defpath)))


def is_isolated(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether this Python imports neither from the current folder nor from what its environment names."""
    if sys.flags.isolated or (sys.flags.safe_path and sys.flags.ignore_environment):
        return True
    here = {"", os.getcwd()}  # noqa: PTH109
    return here.isdisjoint(sys.path) and not any(environment.get(name) for name in _STEERING)


# What makes Python load other code than its installation's.
_STEERING = ("PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONPYCACHEPREFIX", "PYTHONSTARTUP", "PYTHONUSERBASE")


def restart_isolated(arguments: Iterable[str]) -> None:
    """Begin this process again in the isolated form, with these arguments, unless it is in that form or has no program.

    What such a Python has loaded by now may be somebody else's already: this only keeps more from following.
    """
    if sys.executable and not is_isolated():
        os.execve(sys.executable, make_python_command("pipeline", *arguments), {**os.environ})


@cache
def _isolating_flags() -> tuple[str, ...]:
    """Return `-I`; without the part that hides the user's own site folder where that is where we are installed."""
    import site

    own = site.getusersitepackages()
    return ("-E", "-P") if _PACKAGE.startswith(os.path.join(own, "")) else ("-I",)  # noqa: PTH118


@cache
def _home_of_package() -> str:
    """Return the folder of our package if no installation leads to it, else ""."""
    import sysconfig

    home = os.path.dirname(_PACKAGE)  # noqa: PTH120
    installed = {os.path.realpath(sysconfig.get_path(name)) for name in ("purelib", "platlib")}
    return "" if os.path.realpath(home) in installed else home
