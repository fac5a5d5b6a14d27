"""Take three answers and a first day; fill in the starter's files; put them into a new folder, as its first commit."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from pipeline.archive.folder import clear_errors
from pipeline.archive.stage import remove_if_empty
from pipeline.problems import USAGE, Place, Problem, Stop
from pipeline.sources.git import repository as git

WEEKS = 40
DAYS = ("mon", "tue", "wed", "thu", "fri")
STATUS_DAY = 25  # days from the first Monday to the status date of the starter's one report: a Friday

# Names that are safe in YAML without quotes; anything else is written as a JSON string, which YAML reads too.
_PLAIN = re.compile(r"[^\W\d_][\w .'()-]*(?<! )")
_ID = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
_YAML_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_TAKEN = frozenset({"build", "templates", "theme", "con", "prn", "aux", "nul"})
_PEOPLE = frozenset({"project.owner", "solution.provider", "user.representative"})
# No hook and no signing key of the user's: they may ask something, and nobody would see the question.
_QUIETLY = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false")
_FALLBACK = {"user.name": "Deedbox", "user.email": "deedbox@localhost.invalid"}


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` asks, and the day on which the project starts (the next Monday is taken)."""

    organisation: str
    project: str
    manager: str
    start: date

    @property
    def project_id(self) -> str:
        """Return the name of the project's folder."""
        word = _slug(self.project, "-")
        return word if word not in _TAKEN | _YAML_WORDS and _ID.fullmatch(word) else "project"

    @property
    def manager_id(self) -> str:
        """Return the id of the Project Manager in people.yaml."""
        word = _slug(self.manager, ".")
        return word if word not in _PEOPLE | _YAML_WORDS and _ID.fullmatch(word) else "project.manager"

    @property
    def monday(self) -> date:
        """Return the first Monday on or after the start."""
        return self.start + timedelta(days=-self.start.weekday() % 7)

    @property
    def period(self) -> str:
        """Return the month of the starter's one report, as YYYY-MM."""
        return (self.monday + timedelta(days=STATUS_DAY)).strftime("%Y-%m")


def latest_start(today: date) -> date:
    """Return the Monday of a project whose first report is of the last Friday."""
    friday = today - timedelta(days=(today.weekday() - 4) % 7)
    return friday - timedelta(days=STATUS_DAY)


def make_starter(answers: Answers, schemas: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a starter repository by path; `schemas` maps a subject's name to its JSON Schema."""
    values = _values(answers)
    made = {f".schemas/{name}.json": data for name, data in schemas.items()}
    for path, text in _templates(files("pipeline.archive").joinpath("starter"), ""):
        made[_path(path, answers)] = Template(text).substitute(values).encode()
    return made


def check_target(target: Path) -> None:
    """Raise Stop (exit 2) unless the folder is new, empty, or holds nothing but a .git."""
    with clear_errors(target):
        if target.exists() and not target.is_dir():
            raise Stop(_refused(target, "is a file"), exit_code=USAGE)
        if target.is_dir() and {path.name for path in target.iterdir()} - {".git"}:
            raise Stop(_refused(target, "is not empty"), exit_code=USAGE)


def save_starter(target: Path, contents: Mapping[str, bytes]) -> None:
    """Write all files into the folder, which is made if need be; if that fails, take back what was written."""
    check_target(target)
    written: list[str] = []
    with clear_errors(target):
        try:
            for name, data in sorted(contents.items()):
                _write_new(target / name, data)
                written.append(name)
        except BaseException:
            _take_back(target, written)
            raise


def _write_new(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)


def _take_back(target: Path, written: list[str]) -> None:
    for name in written:
        (target / name).unlink(missing_ok=True)
    folders = {parent for name in written for parent in (target / name).parents if parent.is_relative_to(target)}
    for folder in sorted(folders, reverse=True):
        remove_if_empty(folder)


def _values(answers: Answers) -> dict[str, str]:
    days = {
        f"{day}{week}": (answers.monday + timedelta(days=7 * week + at)).isoformat()
        for week in range(WEEKS)
        for at, day in enumerate(DAYS)
    }
    return {
        **days,
        "year": str(answers.monday.year),
        "organisation": _scalar(answers.organisation),
        "project": _scalar(answers.project),
        "manager": _scalar(answers.manager),
        "project_id": answers.project_id,
        "manager_id": answers.manager_id,
    }


def _templates(folder: Traversable, start: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _templates(entry, f"{start}{entry.name}/")
        else:
            yield f"{start}{entry.name}", entry.read_text(encoding="utf-8")


def _path(path: str, answers: Answers) -> str:
    """A file that Git would take for its own has another name in the package."""
    if path == "gitignore":
        return ".gitignore"
    first, slash, rest = path.partition("/")
    place = f"{answers.project_id}/{rest}" if slash and first == "project" else path
    return place.replace("PERIOD", answers.period)


def _slug(text: str, joint: str) -> str:
    """Return the words of a name in plain small letters: Zoë Mac-Iver becomes zoe.mac.iver."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return joint.join(re.findall(r"[a-z0-9]+", letters))[:60].strip(joint)


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _YAML_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def _refused(target: Path, reason: str) -> Problem:
    return Problem("DB508", f"{target} {reason}", Place(), "name a folder that does not exist yet")


def find_repository(folder: Path) -> Path | None:
    """Return the top of the work tree around a folder that may not exist yet, or None if there is none."""
    existing = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    marked = (path for path in (existing.resolve(), *existing.resolve().parents) if (path / ".git").exists())
    return next(marked, None)


def save_first_commit(folder: Path, words: str) -> str:
    """Make the folder a repository unless it is one, commit all its files, return the new commit's id."""
    if not (folder / ".git").exists():
        git.make_repository(folder)
    with git.open_git(folder) as found:
        git.run(found, *_QUIETLY, "add", "--all")
        git.run(found, *_QUIETLY, *_identity(found), "commit", "--quiet", "--message", words)
        return git.find_head(found)


def _identity(found: git.Repository) -> tuple[str, ...]:
    """Return the options for what the user's own configuration does not say."""
    known = set(git.run(found, "config", "--list", "--name-only").decode("utf-8", "replace").split("\n"))
    return tuple(word for key in _FALLBACK.keys() - known for word in ("-c", f"{key}={_FALLBACK[key]}"))
