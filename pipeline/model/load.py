"""Take a snapshot; read deedbox.yaml, people.yaml and the files of one project; give typed records and all problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pipeline.host.config import SYSTEM_FILE
from pipeline.model.assemble import assemble_project
from pipeline.model.narrative import Narrative, NarrativeMeta
from pipeline.model.progress import PERIOD
from pipeline.model.project import Project
from pipeline.model.read import Read, check_value, read_record
from pipeline.model.rules.severities import apply_severities
from pipeline.model.rules.table import RULES
from pipeline.model.settings import Settings
from pipeline.model.strays import check_strays
from pipeline.model.subjects import BY_NAME, DOCUMENTS, NARRATIVES, REPORTS, SUBJECTS, Subject
from pipeline.model.where import Source, Where
from pipeline.problems import Place, Problem, Stop, did_you_mean, sort_problems
from pipeline.sources.frontmatter import read_markdown
from pipeline.sources.snapshot import Snapshot
from pipeline.sources.yaml.file import YamlFile

SETTINGS = BY_NAME["settings"].path
PEOPLE = BY_NAME["people"].path
PROJECT = BY_NAME["project"].path


@dataclass(frozen=True, slots=True)
class Loaded:
    """What could be read of a project (None without a usable project.yaml), all that is wrong, where things stand."""

    project: Project | None
    problems: tuple[Problem, ...] = ()
    where: Where = field(default_factory=lambda: Where(()))


def load_settings(snapshot: Snapshot) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings of a project repository and what is wrong with them; None if they cannot be used."""
    if SETTINGS not in snapshot:
        return None, (Problem("DB209", f"there is no {SETTINGS}", hint="`deedbox init` writes one"),)
    read = read_record(snapshot, SETTINGS, Settings, "settings")
    settings: Settings | None = read.record
    checks = (_check_cache, _check_closure)
    more = [problem for check in checks for problem in check(settings, read.source)] if settings else []
    more += _check_projects(snapshot, settings, read.source) if settings else ()
    return settings, sort_problems((*read.problems, *more))


def _check_cache(settings: Settings, source: Source) -> Iterator[Problem]:
    """Give a warning where the settings, which whoever commits can write, name a store that machines share."""
    cache = settings.cache
    key = "remote" if cache.remote else "write"
    if not cache.remote and not cache.write:
        return
    written = f"remote: {cache.remote or 'ADDRESS'}, write: {str(cache.write).lower()}"
    message = f"`cache: {key}` is not used: which stores a machine asks or fills is for the machine to say"
    hint = (
        f"take it out, and on each machine write `cache: {{{written}}}` into ~/.config/deedbox/config.yaml or "
        f"{SYSTEM_FILE}, or export DEEDBOX_CACHE_REMOTE={cache.remote or 'ADDRESS'}"
        f"{' DEEDBOX_CACHE_WRITE=true' if cache.write else ''}"
    )
    yield Problem("DB146", message, source.yaml.place(("cache", key), key=True), hint, "warning")


def _check_closure(settings: Settings, source: Source) -> Iterator[Problem]:
    """Give a warning where the settings name files of the machine: a key that signs, or secret bytes."""
    for key in ("key", "salt"):
        if getattr(settings.closure, key):
            message = f"`closure: {key}` is not used: which {key} of theirs packages get is for those to say who close"
            hint = (
                f"take it out, and write `closure: {{{key}: FILE}}` into ~/.config/deedbox/config.yaml or "
                f"{SYSTEM_FILE}, or export DEEDBOX_CLOSURE_{key.upper()}=FILE"
            )
            yield Problem("DB147", message, source.yaml.place(("closure", key), key=True), hint, "warning")


def list_projects(snapshot: Snapshot, settings: Settings) -> tuple[str, ...]:
    """Return the folders of the projects: those of the settings that exist, else all with a project.yaml, sorted."""
    found = _find_projects(snapshot)
    return tuple(name for name in settings.projects if name in found) if settings.projects is not None else found


def load_project(snapshot: Snapshot, settings: Settings, name: str) -> Loaded:
    """Return what could be read of the project in folder `name`, and all that is wrong with its files."""
    folder = f"{name}/"
    if folder + PROJECT not in snapshot:
        return Loaded(None, (Problem("DB209", f"there is no {folder}{PROJECT}", Place(folder + PROJECT)),))
    reads = [_read_people(snapshot), *_read_subjects(snapshot, folder)]
    narratives = list(_read_narratives(snapshot, folder))
    where = Where(read.source for read in (*reads, *narratives))
    documents = snapshot.paths(folder + DOCUMENTS, ".md")
    project = assemble_project(name, settings, reads, [read.record for read in narratives if read.record], documents)
    problems = [problem for read in (*reads, *narratives) for problem in read.problems]
    problems += check_strays(folder, _unread(snapshot, folder, where))
    if project is not None:
        found = (problem for rule in RULES for problem in rule(project, where))
        problems += apply_severities(found, settings)
    return Loaded(project, sort_problems(problems), where)


def load_whole(snapshot: Snapshot, name: str) -> Project:
    """Return the project in folder `name`; Stop with what is wrong where there is none that can be used."""
    settings, problems = load_settings(snapshot)
    loaded = load_project(snapshot, settings, name) if settings else Loaded(None)
    if loaded.project is None:
        raise Stop(*problems, *loaded.problems)
    return loaded.project


def load_narrative(snapshot: Snapshot, path: str) -> tuple[Narrative, tuple[Problem, ...]]:
    """Return a narrative that a repository's own document type asks for, and what is wrong with its front matter."""
    read = _read_narrative(snapshot, path)
    return read.record, read.problems


def _find_projects(snapshot: Snapshot) -> tuple[str, ...]:
    parts = (PurePosixPath(path).parts for path in snapshot.paths(suffix=f"/{PROJECT}"))
    return tuple(sorted(folder for folder, *rest in parts if len(rest) == 1))


def _check_projects(snapshot: Snapshot, settings: Settings, source: Source) -> Iterator[Problem]:
    found = _find_projects(snapshot)
    for position, name in enumerate(settings.projects or ()):
        if name not in found:
            place = source.yaml.place(("projects", position))
            yield Problem("DB209", f"there is no {name}/{PROJECT}", place, did_you_mean(name, found))


def _read_people(snapshot: Snapshot) -> Read:
    if PEOPLE in snapshot:
        return read_record(snapshot, PEOPLE, BY_NAME["people"].model, "people")
    # Not usable: so a missing file is one problem, and not one for each name in all other files.
    source = Source("people", PEOPLE, YamlFile(PEOPLE, None), usable=False)
    problem = Problem("DB209", f"there is no {PEOPLE}", Place(PEOPLE), "it lists everyone whom other files name")
    return Read(source, None, (problem,))


def _read_subjects(snapshot: Snapshot, folder: str) -> Iterator[Read]:
    for subject in SUBJECTS:
        if not subject.shared and folder + subject.path in snapshot:
            yield read_record(snapshot, folder + subject.path, subject.model, subject.name)
        if subject.folder:
            yield from _read_folder(snapshot, folder + subject.folder, subject)


def _read_folder(snapshot: Snapshot, folder: str, subject: Subject) -> Iterator[Read]:
    for path in snapshot.paths(folder, ".yaml"):
        stem = PurePosixPath(path).stem
        if path == f"{folder}{stem}.yaml" and (subject.record or re.fullmatch(PERIOD, stem)):
            yield read_record(snapshot, path, subject.record or subject.model, subject.name, stem)


def _read_narratives(snapshot: Snapshot, folder: str) -> Iterator[Read]:
    reports = [
        path for path in snapshot.paths(folder + REPORTS, ".md") if re.fullmatch(PERIOD, PurePosixPath(path).stem)
    ]
    for path in (*(folder + name for name in NARRATIVES), *reports):
        if path in snapshot:
            yield _read_narrative(snapshot, path)


def _read_narrative(snapshot: Snapshot, path: str) -> Read:
    file = read_markdown(path, snapshot.read(path))
    source = Source("narratives", path, file.meta, path)
    meta, faults = check_value(source, NarrativeMeta, "")
    narrative = Narrative(path, meta or NarrativeMeta(), file.body, file.body_line)
    return Read(source, narrative, (*file.problems, *faults))


def _unread(snapshot: Snapshot, folder: str, where: Where) -> Iterator[str]:
    read = {source.path for source in where.sources}
    return (path for path in snapshot.paths(folder) if path not in read)
