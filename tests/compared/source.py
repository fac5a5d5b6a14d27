"""Take the sample's charter and an annex with references and a landscape page; build it; give it with its tree."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.document.theme import Theme
from pipeline.document.tree import Document
from pipeline.problems import DONE
from pipeline.render.theme_file import load_theme
from pipeline.write.charts import draw_charts
from pipeline.write.raster import add_pngs
from tests.golden.builds import render_all
from tests.golden.repositories import commit_all, run_git

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CHARTER = "atlas/charter"
INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements-compared.txt"


@dataclass(frozen=True)
class Source:
    """The repository with the charter, its tree (charts drawn, drawings as PNG too) and the theme that all get."""

    root: Path
    document: Document
    theme: Theme

    @property
    def time(self) -> int:
        """Return the commit's time in seconds since 1970, which all tools are told."""
        modified = self.document.properties.modified
        return int(modified.timestamp()) if modified else 0


def make_source(folder: Path) -> Source:
    """Return the sample below a folder, committed at a fixed time, its charter longer by the annex."""
    root = folder / "repository"
    shutil.copytree(ROOT / "repository", root, ignore=shutil.ignore_patterns("build"))
    narrative = root / f"{CHARTER}.md"
    narrative.write_text(narrative.read_text("utf-8") + (HERE / "annex.md").read_text("utf-8"), "utf-8")
    run_git(root, "init", "--quiet")
    commit_all(root, "Record the projects")
    drawn, _ = draw_charts(read_charter(root))
    document, _ = add_pngs(drawn)
    return Source(root, document, load_theme())


def build_charter(source: Source, output: Path) -> dict[str, Path]:
    """Return Deedbox's own files of the charter, built below a folder."""
    outcome = build(Request(source.root, selectors=(CHARTER,), formats=("docx", "pdf"), output=output))
    if outcome.exit_code != DONE:
        raise RuntimeError(f"the charter does not build: {'; '.join(map(str, outcome.problems))}")
    return {format: output / f"{CHARTER}.{format}" for format in ("docx", "pdf")}


def read_charter(root: Path) -> Document:
    """Return the tree of the charter of a repository that `make_source` has left."""
    for one in render_all(root):
        if one.job.name == "charter" and one.job.project == "atlas":
            if one.document is None:
                raise RuntimeError(f"the charter has errors: {'; '.join(map(str, one.problems))}")
            return one.document
    raise RuntimeError(f"{root} has no charter")
