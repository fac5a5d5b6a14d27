"""Take a small office of two projects; change it, commit it, damage what builds left; build it, also cleanly."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from git_work import run_git, write_files

from pipeline.archive.store import find_store
from pipeline.build.build import build
from pipeline.build.request import Request
from pipeline.cli.fast import try_fast
from pipeline.problems import DONE, Problem, Stop

START = 1_767_600_000  # 2026-01-05T08:00:00Z
SECTIONS = (
    "Executive summary", "Business case", "Stakeholder and user needs", "Cost and timing", "Approach",
    "Change and configuration management", "Governance",
)  # fmt: skip
CHARTER = "".join(f"# {title}\n\nText of {title.lower()}.\n\n" for title in SECTIONS)
PROJECT = """\
id: {id}
name: {name}
title: Records of {name}
summary: One place for all records.
phase: planning
start: 2026-01-01
end: 2026-12-31
status_date: 2026-03-31
currency: EUR
sensitivity: internal
roles: {{project_owner: ann.owner, project_manager: max.manager, steering_committee: [ann.owner]}}
objectives:
  - {{id: O1, title: Find every record}}
scope: {{included: [The archive]}}
success_criteria:
  - {{id: SC1, title: Records are found faster, baseline: 9 days, target: 3 days, measured_by: Sample}}
tolerances: {{schedule_days: 10, cost_percent: 5}}
"""
BUDGET = """\
lines:
  - {id: B01, title: Staff, category: staff, years: {2026: 1000}}
contingency: 100
"""
# The note of beacon looks into the folder of atlas: a link that may lead nowhere, and a picture.
NOTES = "# {name} notes\n\nWord of {name}. See [the plan](../../atlas/documents/plan.md).\n"
OWN = "---\nid: own\ntitle: Own paper\neach: project\n---\n\n# {{ project.title }}\n\nOwn word.\n"
FILES: Mapping[str, str] = {
    ".gitignore": "/build/\n",
    "deedbox.yaml": "schema_version: 1\nname: Sample office\nformats: [html]\n",
    "people.yaml": "people:\n  - {id: ann.owner, name: Ann Owner, role: Director}\n"
    "  - {id: max.manager, name: Max Manager, role: Head of projects}\n",
    **{
        f"{id}/{path}": text.format(id=id, name=id.capitalize()) if path != "budget.yaml" else text
        for id in ("atlas", "beacon")
        for path, text in (("project.yaml", PROJECT), ("budget.yaml", BUDGET), ("documents/notes.md", NOTES))
    },
    "atlas/charter.md": CHARTER,
}


@dataclass(frozen=True)
class Result:
    """What a build left and said: files by path, exit code, problems (None where the fast path spoke)."""

    files: Mapping[str, bytes] = field(repr=False)
    exit_code: int
    problems: tuple[Problem, ...] | None


class World:
    """A project repository, its outputs, and the same built cleanly for comparison."""

    def __init__(self, files: Mapping[str, str] = FILES) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="deedbox-world-")).resolve()
        self.root = self.base / "papers"
        self.root.mkdir()
        self.commits = 0
        self.duration = 0.5
        self.fast = 0
        self._clean: dict[str, Result] = {}
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(files)
        self.commit("Begin")

    def close(self) -> None:
        """Remove all of it."""
        shutil.rmtree(self.base, ignore_errors=True)

    def git(self, *words: str, check: bool = True) -> str:
        """Return what a Git command prints; each commit is a day after the one before."""
        when = f"{START + 86_400 * self.commits} +0000"
        words = ("-c", "core.autocrlf=false", *words)
        return run_git(self.root, *words, author="a@b.org <a@b.org>", when=when, environment=os.environ, check=check)

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files; None removes one."""
        write_files(self.root, files)

    def commit(self, message: str, *options: str) -> None:
        """Commit all that there is, if anything changed."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, *options)
        self.commits += 1

    def sources(self) -> list[str]:
        """Return the paths of all files that are no outputs, sorted."""
        found = []
        for place, folders, names in os.walk(self.root):
            if Path(place) == self.root:
                folders[:] = [name for name in folders if name not in ("build", ".git")]
            found += [(Path(place) / name).relative_to(self.root).as_posix() for name in names]
        return sorted(found)

    def outputs(self, folder: Path | None = None) -> dict[str, bytes]:
        """Return all files of an output folder but its lock."""
        top = folder or self.root / "build"
        found: dict[str, bytes] = {}
        # Beside a build that is at work, folders and files may go while they are looked at.
        for folder_path, _, names in os.walk(top):
            for name in names:
                path = Path(folder_path) / name
                with suppress(FileNotFoundError):
                    if name != ".lock" and path.is_file():
                        found[path.relative_to(top).as_posix()] = path.read_bytes()
        return found

    def build(self, **settings: object) -> Result:
        """Build as the command does: say that all is up to date if that can be told at once, else build."""
        begun = time.perf_counter()
        if not settings and self._try_fast():
            self.fast += 1
            return Result(self.outputs(), DONE, None)
        result = self._build(Request(self.root, **settings))  # type: ignore[arg-type]
        self.duration = time.perf_counter() - begun
        return result

    def build_clean(self) -> Result:
        """Build into an empty folder, with an empty store."""
        state = self._state()
        if state not in self._clean:
            output, store = self.base / "clean", self.base / "clean-store"
            with environment(DEEDBOX_STORE=str(store)):
                made = self._build(Request(self.root, output=output))
            self._clean[state] = Result(self.outputs(output), made.exit_code, made.problems)
            shutil.rmtree(output, ignore_errors=True)
            shutil.rmtree(store, ignore_errors=True)
        return self._clean[state]

    def build_committed(self) -> Mapping[str, bytes]:
        """Return what the last commit gives when it is built cleanly."""
        key = self.git("rev-parse", "HEAD") + os.environ.get("SOURCE_DATE_EPOCH", "")
        if key not in self._clean:
            output, store = self.base / "committed", self.base / "committed-store"
            with environment(DEEDBOX_STORE=str(store)):
                made = self._build(Request(self.root, rev="HEAD", output=output))
            self._clean[key] = Result(self.outputs(output), made.exit_code, made.problems)
            shutil.rmtree(output, ignore_errors=True)
            shutil.rmtree(store, ignore_errors=True)
        return self._clean[key].files

    def list_final(self) -> list[str]:
        """Return the paths of the outputs that say they are no drafts."""
        entries = json.loads((self.root / "build" / "manifest.json").read_text())["files"]
        return [entry["path"] for entry in entries if not entry["draft"]]

    def build_aside(self) -> int:
        """Start a build in a process of its own and return its number; it is a fork, so that it begins at once."""
        pid = os.fork()
        if pid:
            return pid
        try:
            self.build()
        finally:
            os._exit(0)

    def kill_build(self, share: float) -> None:
        """Kill a build after a share of the time that the last one took."""
        pid = self.build_aside()
        time.sleep(self.duration * share)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def damage_store(self, damage: str, which: int) -> None:
        """Take away or spoil a part of what builds keep."""
        store = find_store(self.root)
        assert store is not None
        files = sorted(path for path in (store / "files").rglob("*") if path.is_file())
        if damage == "all":
            shutil.rmtree(store, ignore_errors=True)
        elif damage in ("files", "stamps"):
            shutil.rmtree(store / damage, ignore_errors=True)
        elif damage == "a file" and files:
            files[which % len(files)].write_bytes(b"not what it was")
        elif damage == "index":
            for path in store.glob("index*"):
                path.unlink()
        elif damage == "spoilt index" and store.is_dir():
            for path in store.glob("index*"):
                data = bytearray(path.read_bytes())
                data[which : which + 64] = b"x" * 64
                path.write_bytes(data)

    def _try_fast(self) -> bool:
        said = io.StringIO()
        with redirect_stderr(said):
            return try_fast(["build", "-C", str(self.root)]) is not None

    def _build(self, request: Request) -> Result:
        try:
            outcome = build(request)
        except Stop as stop:
            return Result(self.outputs(), stop.exit_code, stop.problems)
        return Result(self.outputs(), outcome.exit_code, outcome.problems)

    def _state(self) -> str:
        """Return a digest of all that a build may depend on."""
        digest = sha256(os.environ.get("SOURCE_DATE_EPOCH", "").encode())
        digest.update(self.git("rev-parse", "HEAD").encode() + self.git("status", "--porcelain").encode())
        for path in self.sources():
            digest.update(path.encode() + b"\0" + sha256((self.root / path).read_bytes()).digest())
        return digest.hexdigest()


@contextmanager
def environment(**values: str | None) -> Iterator[None]:
    """Set variables of the environment for a while; None takes one away."""
    before = {name: os.environ.get(name) for name in values}
    _set(values)
    try:
        yield
    finally:
        _set(before)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
