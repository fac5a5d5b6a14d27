"""Take a place and the hooks that belong there; put them in beside those of others, or take them out; say what is.

A hook that stood there is renamed, never rewritten, and comes back by the same way: byte for byte, with its mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from pipeline.archive.descent import move_path
from pipeline.problems import MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.processes.children import make_python_command
from pipeline.triggers.hooks.disk import make_home, save_record
from pipeline.triggers.hooks.place import SHARED, TREE, HooksFolder, Place
from pipeline.triggers.hooks.scripts import BARE_HOOKS, KEPT, WORK_HOOKS, Script, is_ours


@dataclass(frozen=True, slots=True)
class HookState:
    """What stands under the name of one hook: `ours`, `older` (ours, of another Python or form), `foreign` or `none`.

    `kept` says that a hook of somebody else waits beside ours and runs first.
    """

    name: str
    state: str
    kept: bool


def list_scripts(place: Place) -> tuple[Script, ...]:
    """Return the hooks that belong into a repository."""
    return BARE_HOOKS if place.bare else WORK_HOOKS


def read_hooks(place: Place) -> tuple[HookState, ...]:
    """Return what stands under the name of each hook that belongs here."""
    return tuple(_read_hook(place.hooks.path, script) for script in list_scripts(place))


def is_installed(place: Place) -> bool:
    """Return whether every hook is there and builds this project folder."""
    ready = all(hook.state == "ours" for hook in read_hooks(place))
    return ready and (place.bare or _root_of(place) in read_roots(place))


def install_hooks(place: Place, *, shared: bool = False) -> tuple[Problem, ...]:
    """Put the hooks in and return what should be known about it.

    Stop (exit 2) for a hooks folder that more repositories may share, unless `shared` says that this is meant; (exit 4)
    if the disk refuses.
    """
    if place.hooks.reach == SHARED and not shared:
        raise Stop(_shared(place.hooks), exit_code=USAGE)
    problems: list[Problem] = []
    with _clear_errors(place.hooks.path):
        make_home(place.home, place.git_dir)
        make_home(place.roots.parent, place.shared)
        place.hooks.path.mkdir(parents=True, exist_ok=True)
        for script in list_scripts(place):
            problems += _put_in(place.hooks.path, script)
        if not place.bare:
            _save_roots(place, {*read_roots(place), _root_of(place)})
    return (*problems, *([_in_tree(place.hooks)] if place.hooks.reach == TREE else []))


def uninstall_hooks(place: Place, *, shared: bool = False) -> tuple[Problem, ...]:
    """Take the hooks out, put back what was there before; return what could not be put back.

    Hooks stay where other project folders of the repository need them, and in a shared folder unless `shared` is said.
    """
    with _clear_errors(place.hooks.path):
        left = read_roots(place) - {_root_of(place)}
        _save_roots(place, left)
        if left or (place.hooks.reach == SHARED and not shared):
            return ()
        problems = [problem for script in list_scripts(place) for problem in _take_out(place.hooks.path, script)]
        if not place.bare:
            rmtree(place.home, ignore_errors=True)
            rmtree(place.roots.parent, ignore_errors=True)
        return tuple(problems)


def read_roots(place: Place) -> set[str]:
    """Return the project folders that hooks build, as paths below the work tree's top; `.` is the top itself."""
    try:
        return set(place.roots.read_text("utf-8", "surrogateescape").splitlines())
    except FileNotFoundError:
        return set()


def _save_roots(place: Place, roots: set[str]) -> None:
    if roots:
        save_record(place.roots, "".join(f"{root}\n" for root in sorted(roots)).encode("utf-8", "surrogateescape"))
    else:
        place.roots.unlink(missing_ok=True)


def _root_of(place: Place) -> str:
    return place.prefix.rstrip("/") or "."


def _read_hook(folder: Path, script: Script) -> HookState:
    path, kept = folder / script.name, _kept(folder, script)
    if is_ours(path):
        state = "ours" if path.read_bytes() == script.make(make_python_command("pipeline")) else "older"
    else:
        state = "foreign" if _is_there(path) else "none"
    return HookState(script.name, state, _is_there(kept))


def _put_in(folder: Path, script: Script) -> Iterator[Problem]:
    path, kept = folder / script.name, _kept(folder, script)
    if _is_there(path) and not is_ours(path):
        if _is_there(kept):
            yield _crowded(path, kept)
            return
        move_path(path, kept)
    save_record(path, script.make(make_python_command("pipeline")), mode=0o755)


def _take_out(folder: Path, script: Script) -> Iterator[Problem]:
    path, kept = folder / script.name, _kept(folder, script)
    if _is_there(path) and not is_ours(path):
        if _is_there(kept):
            yield _crowded(path, kept)
    elif _is_there(kept):
        move_path(kept, path)
    else:
        path.unlink(missing_ok=True)


def _kept(folder: Path, script: Script) -> Path:
    return folder / f"{script.name}{KEPT}"


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


@contextmanager
def _clear_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        words = f"the hooks in {folder} cannot be changed ({error.strerror or error})"
        hint = "look who owns the folder, and whether it is one"
        raise Stop(Problem("DB454", words, hint=hint), exit_code=MACHINE_LACKS) from error


def _shared(folder: HooksFolder) -> Problem:
    said = f"core.hooksPath of Git's {folder.scope} settings" if folder.scope else "a link"
    words = f"hooks would go to {folder.path}, outside this repository ({said}): other repositories may use it too"
    hint = "--shared puts them there all the same (they do nothing in other repositories); or: "
    return Problem("DB451", words, hint=hint + "git config core.hooksPath .git/hooks")


def _in_tree(folder: HooksFolder) -> Problem:
    words = f"the hooks are in {folder.path}, within the work tree: a commit would give them to everybody"
    hint = "they hold a path of this machine; keep them out of commits, or set core.hooksPath to another folder"
    return Problem("DB452", words, hint=hint, severity="warning")


def _crowded(path: Path, kept: Path) -> Problem:
    words = f"{path} is not ours any more, and {kept.name} is still kept beside it: both are left as they are"
    return Problem("DB455", words, hint="remove or merge one of the two, then run this again", severity="warning")
