"""Take installations with another WeasyPrint; look at the machine, build; check what is said and that none is mixed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import distribution, version
from importlib.util import find_spec
from pathlib import Path
from venv import EnvBuilder

import pytest

from pipeline.host.engine import read_line_engine, read_writer_engine
from pipeline.host.known_libraries import PATCHES, Patch, find_misfits, fits, hash_files, list_patched_files

ROOT = Path(__file__).parents[2]
DOCUMENT = ("first-project/charter", "--to", "pdf")


@dataclass(frozen=True)
class Installation:
    """A Python with Deedbox and libraries of its own before those of the tests."""

    python: Path
    site: Path
    home: Path

    def run(self, *words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """Run this Python; nothing is confined, since its libraries lie in two places."""
        kept = {name: os.environ[name] for name in ("PATH", "DEEDBOX_CACHE")}
        environment = {**kept, "HOME": str(self.home), "LC_ALL": "C.UTF-8", "DEEDBOX_LIMITS": "off"}
        command = [str(self.python), "-I", *words]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)

    def deedbox(self, *words: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """Run Deedbox with these words."""
        return self.run("-m", "pipeline", *words, folder=folder)


Install = Callable[..., Installation]


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Install:
    """Make an installation whose WeasyPrint has a version and another `layout/block.py`; `more` files change too."""

    def make(version: str, *more: str) -> Installation:
        folder = tmp_path_factory.mktemp("installation")
        EnvBuilder(symlinks=True).create(folder)
        site = next(folder.glob("lib/python*/site-packages"))
        theirs = Path(str(distribution("weasyprint").locate_file("")))
        (site / "after.pth").write_text(f"import site; site.addsitedir({str(theirs)!r})\n")
        for name in ("weasyprint", "pydyf"):
            shutil.copytree(theirs / name, site / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("weasyprint/layout/block.py", *more):
            _change(site / name)
        _describe(site, "weasyprint", version, ())
        wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
        _describe(site, "deedbox", "0.1.0", wanted)
        return Installation(folder / "bin/python", site, folder)

    return make


def _change(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("# Another line.\n")


def _describe(site: Path, name: str, version: str, wanted: tuple[str, ...]) -> None:
    """Write what an installation says of a library."""
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    (folder / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {one}" for one in wanted)]) + "\n")


@pytest.fixture(scope="module")
def changed(install: Install) -> Installation:
    return install(version("weasyprint"))


@pytest.fixture(scope="module")
def newer(install: Install) -> Installation:
    return install("71.0", "weasyprint/css/properties.py", "pydyf/__init__.py")


@pytest.fixture
def papers(tmp_path: Path, changed: Installation) -> Path:
    done = changed.deedbox("init", "--yes", str(tmp_path / "papers"))
    assert done.returncode == 0, done.stderr
    return tmp_path / "papers"


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.library.title)
def test_what_is_installed_and_locked_is_what_the_changes_are_made_for(patch: Patch) -> None:
    folder = Path(str(find_spec(patch.library.package).origin)).parent  # type: ignore[union-attr]
    assert hash_files([folder / name for name in patch.files]) == patch.digest
    assert fits(patch)
    assert version(patch.library.package) == patch.library.version
    assert f"\n{patch.library.package}=={patch.library.version} \\\n" in (ROOT / "requirements.txt").read_text("utf-8")


def test_a_library_whose_inside_is_used_is_bounded_without_the_lock() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    for name in {"jinja2", "python-docx", *(patch.library.package for patch in PATCHES)}:
        assert [one for one in wanted if one.startswith(f"{name}>=") and ",<" in one], name


def test_a_machine_with_the_known_libraries_is_told_nothing() -> None:
    assert find_misfits() == ()
    assert set(list_patched_files()) <= set(read_writer_engine().files)
    assert read_line_engine().parts["weasyprint"] == version("weasyprint")


def test_doctor_tells_of_a_changed_library_and_that_page_breaks_differ(changed: Installation) -> None:
    done = changed.deedbox("doctor")
    lines = [line for line in done.stdout.splitlines() if line.startswith("other")]
    assert len(lines) == 1
    assert f"WeasyPrint {version('weasyprint')} is not as its makers published it: page breaks will differ" in lines[0]
    assert f"pip install --force-reinstall weasyprint=={version('weasyprint')}" in done.stdout
    assert (done.returncode, "lacks" in done.stdout) == (0, False)


def test_doctor_tells_of_a_library_beyond_its_bound(newer: Installation) -> None:
    findings = json.loads(newer.deedbox("doctor", "--format", "json").stdout)["findings"]
    found = {one["what"]: one for one in findings if one["differs"]}
    assert found.keys() == {"weasyprint", "Page breaks"}
    assert found["weasyprint"]["seen"] == "71.0 (wants 70 or newer, below 71)"
    seen = found["Page breaks"]["seen"]
    assert "WeasyPrint 71.0 is not the version that Deedbox knows (70.0): page breaks will differ" in seen
    assert seen.endswith("pydyf 0.13.0 is not as its makers published it: a PDF takes longer to write")
    assert all(one["ok"] and one["mend"] for one in found.values())


def test_a_build_warns_once_and_builds_as_ever(changed: Installation, papers: Path) -> None:
    for words in ((), (), ("--strict",)):
        done = changed.deedbox("build", *DOCUMENT, *words, folder=papers)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("DB405") == 1
        assert "page breaks will differ" in done.stderr
    assert (papers / "build/first-project/charter.pdf").read_bytes().startswith(b"%PDF")
    assert "DB405" not in (papers / "build/index.html").read_text("utf-8")


def test_a_build_that_lays_out_no_page_does_not_warn(changed: Installation, papers: Path) -> None:
    done = changed.deedbox("build", DOCUMENT[0], "--to", "html", folder=papers)
    assert (done.returncode, "DB405" in done.stderr) == (0, False)


def test_what_another_library_made_is_made_anew(changed: Installation, papers: Path) -> None:
    assert changed.deedbox("build", *DOCUMENT, folder=papers).returncode == 0
    ours = Installation(Path(sys.executable), changed.site, changed.home)
    planned = ours.deedbox("build", *DOCUMENT, "--dry-run", folder=papers)
    assert planned.stdout == "first-project/charter.pdf: engine changed: weasyprint\n"
    assert "DB405" not in planned.stderr


def test_a_document_without_footnotes_is_the_same_without_any_of_the_changes(
    newer: Installation, changed: Installation, papers: Path
) -> None:
    made = []
    for one in (newer, Installation(Path(sys.executable), changed.site, changed.home)):
        done = one.deedbox("build", *DOCUMENT, folder=papers)
        assert done.returncode == 0, done.stderr
        assert "[1/1] first-project/charter" in done.stderr
        made.append((papers / "build/first-project/charter.pdf").read_bytes())
    assert made[0] == made[1]


def test_each_change_of_a_file_that_counts_is_another_fingerprint(install: Install) -> None:
    installation = install(version("weasyprint"))
    seen = [_fingerprint(installation), read_writer_engine().digest]
    for name in ("weasyprint/layout/block.py", "weasyprint/css/properties.py"):
        _change(installation.site / name)
        seen.append(_fingerprint(installation))
    assert len(set(seen)) == len(seen)


def _fingerprint(installation: Installation) -> str:
    script = "from pipeline.host.engine import read_writer_engine; print(read_writer_engine().digest)"
    done = installation.run("-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_only_changes_to_files_that_are_known_are_made(changed: Installation) -> None:
    script = (
        "from pipeline.write.pdf.engine import load_engine; load_engine()\n"
        "from pipeline.write.pdf.patches import keep_notes, take_shortcuts\n"
        "from weasyprint.layout import block\n"
        "print(keep_notes(), take_shortcuts(), hasattr(block._linebox_layout, '__wrapped__'))"
    )
    assert changed.run("-c", script).stdout.split() == ["False", "True", "False"]


def test_no_source_of_a_library_is_executed_as_text() -> None:
    assert list(_find_words("exec(", "getsource(")) == []


def _find_words(*words: str) -> Iterator[tuple[Path, str]]:
    for file in sorted((ROOT / "pipeline").rglob("*.py")):
        text = file.read_text("utf-8")
        yield from ((file, word) for word in words if f" {word}" in text or f".{word}" in text)
