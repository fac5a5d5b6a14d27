"""Take the ids of a project's records; check that each is used once and agrees with its file's name; give problems."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.kinds import KINDS
from pipeline.model.project import Project
from pipeline.model.rules.common import name_record
from pipeline.model.where import Where
from pipeline.problems import Problem


def check_duplicates(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each second use of an id within one kind, over lists and single files."""
    for kind in KINDS:
        for id, entries in where.entries(kind).items():
            for entry in entries[1:]:
                message = f"{name_record(kind, id)} is written twice; first in {entries[0].place('id')}"
                yield Problem("DB211", message, entry.place("id"), "give one of them a new id")


def check_file_names(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem for each one-record file whose name is not the record's id."""
    for kind in KINDS:
        for id, entries in where.entries(kind).items():
            for entry in entries:
                if entry.source.name not in ("", id):
                    message = f"the file is named {entry.source.name}.yaml, but holds {name_record(kind, id)}"
                    yield Problem("DB212", message, entry.place("id"), f"rename the file to {id}.yaml")


def check_folder_name(project: Project, where: Where) -> Iterator[Problem]:
    """Yield a problem if the id in project.yaml is not the name of the project's folder."""
    if project.info.id != project.id:
        message = f"the project's id is {project.info.id}, but its folder is {project.id}"
        yield Problem("DB212", message, where.place("project", "", "id"), f"write `id: {project.id}`")
