"""Take the source of Deedbox; find calls that the rooms they stand in may not make; give each with file and line.

What one module may import of another is the matter of import-linter (`pyproject.toml`); here are calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_MODULES = ("os", "shutil", "subprocess", "sys")
_WRITING_FLAGS = {"O_APPEND", "O_CREAT", "O_RDWR", "O_TMPFILE", "O_TRUNC", "O_WRONLY"}
_RUNNING = {"execv", "execve", "execvp", "fork", "forkpty", "popen", "posix_spawn", "spawnv", "startfile", "system"}


@dataclass(frozen=True)
class Wall:
    """A kind of call, and the places of the package that may make it: folders with a slash at their end, and files."""

    name: str
    finds: Callable[[ast.AST], bool]
    free: tuple[str, ...]

    def stops(self, path: str) -> bool:
        """Return whether a file may not make such a call."""
        return not any(path == place or (place.endswith("/") and path.startswith(place)) for place in self.free)


def list_breaches(package: Path, wall: Wall) -> list[str]:
    """Return the places where a call stands that may not stand there, as `file:line`, sorted."""
    found = []
    for file in sorted(package.rglob("*.py")):
        path = file.relative_to(package).as_posix()
        if wall.stops(path):
            found += [f"{path}:{node.lineno}" for node in _list_nodes(file) if wall.finds(node)]
    return found


def list_idle(package: Path, wall: Wall) -> list[str]:
    """Return the files that a wall lets through for nothing: they make no such call, or are not there."""
    files = [package / place for place in wall.free if not place.endswith("/")]
    return [str(file) for file in files if not file.is_file() or not any(map(wall.finds, _list_nodes(file)))]


@cache
def _list_nodes(file: Path) -> tuple[ast.Call | ast.Attribute, ...]:
    """Return the calls of a file and what it takes from modules and objects, in the order of its lines."""
    nodes = (
        node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call | ast.Attribute)
    )
    return tuple(sorted(nodes, key=lambda node: node.lineno))


def _name(call: ast.AST) -> str:
    """Return how a call is written, such as `os.replace`; what is not a name of a module is a dot: `.write_bytes`."""
    if not isinstance(call, ast.Call):
        return ""
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute):
        whose = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
        return f"{whose if whose in _MODULES else ''}.{call.func.attr}"
    return ""


def prints(node: ast.AST) -> bool:
    """Return whether a call prints."""
    streams = ("stdout", "stderr", "__stdout__", "__stderr__")
    func = node.func if isinstance(node, ast.Call) else None
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Attribute) and func.value.attr in streams:
        return func.attr in ("flush", "write", "writelines")
    return _name(node) in ("print", "print_exc", "pprint", "input")


def ends(node: ast.AST) -> bool:
    """Return whether a call ends the process."""
    return _name(node) in ("sys.exit", "os._exit", "os.abort", "exit", "quit", "SystemExit")


def writes(node: ast.AST) -> bool:
    """Return whether a file is opened to be written to."""
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == "os" and node.attr in _WRITING_FLAGS
    name = _name(node)
    if name in ("open", ".open") and isinstance(node, ast.Call):
        return bool(set("wax+") & set(_mode(node)))
    return name in (".write_bytes", ".write_text", "os.mkfifo", "os.mknod", "shutil.copy", "shutil.copytree")


def replaces(node: ast.AST) -> bool:
    """Return whether a call puts a file in another's place: `text.replace` has two arguments, a path's has one."""
    name = _name(node)
    one = isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords
    return (one and name in (".replace", ".rename", ".hardlink_to")) or name in (
        "os.link", "os.rename", "os.renames", "os.replace", "shutil.move",
    )  # fmt: skip


def reads(node: ast.AST) -> bool:
    """Return whether a call opens a file or lists a folder of the disk."""
    return _name(node) in ("open", ".open", "os.open", ".read_bytes", ".read_text", "os.scandir", "os.walk", ".iterdir")


def runs(node: ast.AST) -> bool:
    """Return whether a call starts a program, or makes a second process of this one."""
    name = _name(node)
    is_ours = name.startswith("subprocess.") or name in ("Popen", ".create_subprocess_exec", ".create_subprocess_shell")
    return is_ours or name.removeprefix("os.") in _RUNNING


def kills(node: ast.AST) -> bool:
    """Return whether a call sends a signal to a process."""
    return _name(node) in ("os.kill", "os.killpg", ".send_signal", ".terminate")


def _mode(call: ast.Call) -> str:
    """Return the mode in which a call opens a file, `r` where it says none that is plain to see."""
    at = 1 if isinstance(call.func, ast.Name) else 0
    words = [*call.args[at : at + 1], *(word.value for word in call.keywords if word.arg == "mode")]
    said = words[0].value if words and isinstance(words[0], ast.Constant) else "r"
    return said if isinstance(said, str) and re.fullmatch("[rwaxbt+]{1,4}", said) else "r"
