"""Take a few words; make the files and the manifest of a small build; give them to the tests of the archive."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.archive.manifest import Change, FileEntry, Manifest, ProjectLine, make_entry

REVISION = "3f2a91c0" * 5
PATHS = ("atlas/charter.docx", "atlas/charter.pdf", "atlas/progress-report-2026-09.pdf", "beacon/charter.pdf")


def make_files(content: str = "one", paths: tuple[str, ...] = PATHS, size: int = 1) -> dict[str, bytes]:
    return {path: f"{path} {content}\n".encode() * size for path in paths}


def make_sample(files: Mapping[str, bytes], revision: str = REVISION, dirty: bool = False) -> Manifest:
    entries = tuple(_entry(path, data, revision, dirty) for path, data in files.items())
    lines = (
        ProjectLine("atlas", "Atlas", "Records <management> & archive", "executing"),
        ProjectLine("beacon", "Beacon", "Service desk", "closed"),
    )
    return Manifest("Deedbox 0.1.0", revision, dirty, "2026-09-30", "City Registry", projects=lines, files=entries)


def _entry(path: str, data: bytes, revision: str, dirty: bool) -> FileEntry:
    project, name = path.split("/", 1)
    stem, format = name.rsplit(".", 1)
    return make_entry(
        path,
        data,
        project=project,
        document=stem.removesuffix("-2026-09"),
        period="2026-09" if stem.endswith("-2026-09") else "",
        format=format,
        title="Project charter" if stem == "charter" else "Progress report",
        pages=4 if format == "pdf" else 0,
        draft=dirty,
        built=revision,
        revision=Change("8d1e0aa0" * 5, "2026-09-28"),
        sources={f"{project}/project.yaml": "0" * 64},
    )


def read_tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
