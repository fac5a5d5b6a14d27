"""Take a history of commits; check out each and build it, here and by `make` over pandoc and typst; give ratios.

`make` has the Markdown of every commit ready made, Word's and typst's. Its prerequisites are correct: either just the
files that a document was made from, as somebody would write them who has to generate that Markdown from them (they are
taken from our manifest, which knows); or nothing but the ready Markdown, which is more than anybody could know by hand.
Checkouts are not timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from benchmarks.bench import Bench
from benchmarks.history import make_history
from benchmarks.measure import ROOT, Measured, deedbox, drop_store, run, settle, surroundings
from benchmarks.peers import Prepared, prepare, read_trees, write_texts
from benchmarks.portfolio import Repository, make_portfolio


@dataclass(frozen=True, slots=True)
class Replayed:
    """The seconds of each commit's build, by side."""

    processes: Sequence[float]
    one_process: Sequence[float]
    by_files: Sequence[float]
    by_text: Sequence[float]


def measure_by_files(bench: Bench) -> Measured:
    """Return how much faster one process a commit is than `make` that knows which sources a document needs."""
    found = bench.once(_replay)
    return _compare(found.processes, found.by_files)


def measure_by_text(bench: Bench) -> Measured:
    """Return how much faster one process a commit is than `make` that knows which text has changed."""
    found = bench.once(_replay)
    return _compare(found.processes, found.by_text)


def measure_one_process(bench: Bench) -> Measured:
    """Return how much faster one process for all commits is than `make` that knows which sources a document needs."""
    found = bench.once(_replay)
    return _compare(found.one_process, found.by_files)


def _compare(ours: Sequence[float], theirs: Sequence[float]) -> Measured:
    return Measured(sum(theirs) / sum(ours), sum(ours), sum(theirs), {"commits": len(ours)})


def _replay(bench: Bench) -> Replayed:
    """Return the seconds of every build; each side has built the first state before the clock runs."""
    place = bench.place("replay")
    office = make_portfolio(place / "papers", bench.size("replay.projects"))
    start = office.git("rev-parse", "HEAD")
    commits = make_history(office, bench.size("replay.commits"))
    maker = _Maker(office, place)
    texts = maker.prepare([start, *commits])
    office.git("checkout", "--quiet", "--detach", start)
    settle()
    run(deedbox("build", "-q", "-C", str(office.root)))
    sides = [maker.start(way, texts[0]) for way in ("files", "text")]
    kept = _build_each(office, maker, sides, list(zip(commits, texts[1:], strict=True)))
    return Replayed(kept[0], _build_in_one(office, start, commits), kept[1], kept[2])


def _build_each(
    office: Repository, maker: _Maker, sides: Sequence[Path], states: Sequence[tuple[str, str]]
) -> tuple[list[float], ...]:
    """Return the seconds of our builds and of `make` on both sides, commit by commit, in turn."""
    ours: list[float] = []
    theirs: list[list[float]] = [[] for _ in sides]
    for commit, text in states:
        office.git("checkout", "--quiet", "--detach", commit)
        ours.append(run(deedbox("build", "-q", "-C", str(office.root))))
        for taken, folder in zip(theirs, sides, strict=True):
            maker.texts.git("-C", str(folder), "checkout", "--quiet", "--detach", text)
            taken.append(run(["make", "--quiet", "-j2"], folder))
    return ours, *theirs


def _build_in_one(office: Repository, start: str, commits: Sequence[str]) -> list[float]:
    """Return the seconds of each build within one process, as something does that watches a repository."""
    office.git("checkout", "--quiet", "--detach", start)
    rmtree(office.root / "build")
    drop_store(office.root)
    command = [sys.executable, str(ROOT / "benchmarks" / "builder.py"), str(office.root)]
    with subprocess.Popen(
        command, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdin and process.stdout
        taken = []
        for commit in (start, *commits):
            office.git("checkout", "--quiet", "--detach", commit)
            process.stdin.write("build\n")
            process.stdin.flush()
            taken.append(float(process.stdout.readline()))
        process.stdin.close()
    return taken[1:]


class _Maker:
    """The other side: a Git repository of sources and ready text, and clones of it in which `make` builds."""

    def __init__(self, office: Repository, place: Path) -> None:
        self.office = office
        self.place = place
        self.texts = Repository(place / "texts")
        self.prepared: list[Prepared] = []

    def prepare(self, commits: Sequence[str]) -> list[str]:
        """Return the commits of the text repository that stand for these."""
        made = []
        before = ""
        for commit in commits:
            self.office.git("checkout", "--quiet", "--detach", commit)
            changed = self.office.git("diff", "--name-only", before, commit).split() if before else []
            projects = {path.partition("/")[0] for path in changed} & set(self.office.ids) if before else None
            self._write(self.office.ids if projects is None or "people.yaml" in changed else sorted(projects))
            for path in changed or self.office.git("ls-files").split():
                if path != ".gitignore":
                    _copy(self.office.root / path, self.texts.root / path)
            self.texts.commit("The next state")
            made.append(self.texts.git("rev-parse", "HEAD"))
            before = commit
        return made

    def start(self, way: str, commit: str) -> Path:
        """Return a clone whose Makefile knows prerequisites in this way, built once."""
        folder = self.place / f"by-{way}"
        self.texts.git("clone", "--quiet", str(self.texts.root), str(folder))
        self.texts.git("-C", str(folder), "checkout", "--quiet", "--detach", commit)
        sources = self._read_sources() if way == "files" else {}
        (folder / "Makefile").write_text(_write_makefile(self.prepared, sources), "utf-8")
        run(["make", "--quiet", "-j2"], folder)
        return folder

    def _write(self, projects: Sequence[str]) -> None:
        rendered, theme = read_trees(self.office.root, projects)
        for one in rendered:
            assert one.document
            name = f"text/{one.job.project}/{one.job.name}"
            if name in {prepared.name for prepared in self.prepared}:
                write_texts(one.document, theme, self.texts.root / name)
            else:
                self.prepared.append(prepare(name, one.document, theme, self.texts.root))

    def _read_sources(self) -> dict[str, list[str]]:
        """Return the files that each document was made from, as the manifest of our build says."""
        manifest = json.loads((self.office.root / "build" / "manifest.json").read_text("utf-8"))
        found = {entry["path"].rpartition(".")[0]: sorted(entry["sources"]) for entry in manifest["files"]}
        return {name: [path for path in paths if (self.texts.root / path).exists()] for name, paths in found.items()}


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def _write_makefile(documents: Sequence[Prepared], sources: dict[str, list[str]]) -> str:
    targets = [f"{one.name}/{made}" for one in documents for made in ("made.docx", "typst.pdf")]
    rules = [f"all: {' '.join(targets)}\n.PHONY: all\n"]
    for one in documents:
        needed = " ".join(sources.get(one.name.removeprefix("text/"), ()))
        common = f"{one.name}/pandoc.typ {needed}"
        rules += [
            _rule(one, "made.docx", f"{one.name}/word.md {one.name}/reference.docx {needed}", one.word[0]),
            _rule(one, "made.typ", f"{one.name}/print.md {common}", one.typst[0]),
            _rule(one, "typst.pdf", f"{one.name}/made.typ", one.typst[1]),
        ]
    return "\n".join(rules)


def _rule(one: Prepared, target: str, needed: str, command: Sequence[str]) -> str:
    words = " ".join("'" + word.replace("'", "'\\''").replace("$", "$$").replace("\n", " ") + "'" for word in command)
    return f"{one.name}/{target}: {needed}\n\tcd {one.name} && {words}\n"
