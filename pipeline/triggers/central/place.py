"""Take a bare repository; find where it publishes and records; give these places."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.problems import USAGE, Problem, Stop
from pipeline.sources.git.repository import open_git, read_path_setting, save_setting
from pipeline.triggers.hooks.disk import clear_errors
from pipeline.triggers.hooks.inside import SETTING as FOLDER
from pipeline.triggers.hooks.inside import read_chosen
from pipeline.triggers.hooks.place import Place, find_place

SETTING = "deedbox.publish"  # in the repository's own Git configuration, which no push can change


@dataclass(frozen=True, slots=True)
class Central:
    """A bare repository, the folder that it publishes to, and the one in its commits that is chosen, "" for none."""

    place: Place
    publish: Path
    chosen: str = ""

    @property
    def home(self) -> Path:
        """Return the folder for state and lock."""
        return self.place.home


def find_central(start: Path) -> Central:
    """Return the places of a bare repository; Stop (exit 2) if it has a work tree or is none."""
    place = find_place(start)
    if not place.bare:
        raise Stop(Problem("DB453", f"{place.root} is not a bare repository"), exit_code=USAGE)
    with open_git(place.root) as folder:
        value, _ = read_path_setting(folder, SETTING)
        chosen, _ = read_path_setting(folder, FOLDER)
    return Central(place, place.root / (value or "publish"), read_chosen(chosen))


def save_publish_folder(place: Place, path: Path) -> None:
    """Write down where a bare repository publishes; Stop (exit 4) if that can be no folder."""
    with clear_errors(path):
        path.mkdir(parents=True, exist_ok=True)
    with open_git(place.root) as folder:
        save_setting(folder, SETTING, str(path.resolve()))


def save_chosen_folder(place: Place, text: str) -> None:
    """Write down which folder of its commits a bare repository publishes, "" for whichever is found; Stop (exit 2) for
    none.
    """
    chosen = read_chosen(text)
    with open_git(place.root) as folder:
        save_setting(folder, FOLDER, chosen)
