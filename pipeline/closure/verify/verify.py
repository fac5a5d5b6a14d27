"""Take a closure package, zip or folder; run every check that can be run; give what each said and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.archive.scratch import open_scratch
from pipeline.closure.bag import MANIFEST, TAG_MANIFEST
from pipeline.closure.verify.hashes import Digests, compare_checksums, compare_hashes, hash_files
from pipeline.closure.verify.history import BUNDLE, Provenance, check_history, fetch_bundle, read_provenance
from pipeline.closure.verify.ledger import check_documents, read_ledger
from pipeline.closure.verify.manifests import check_form, list_unlisted, read_info, read_manifest
from pipeline.closure.verify.package import REFUSED, FolderPackage
from pipeline.closure.verify.signature import check_signature
from pipeline.closure.verify.zip_package import ZipPackage, open_zip
from pipeline.problems import DONE, MACHINE_LACKS, SOURCES_WRONG, Place, Problem, Stop, sort_problems
from pipeline.processes.limits import limit_programs

_MEMORY = 4096  # MB for programs: a small pack can hold a delta that makes a huge object
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a zip or a folder, the keys that are trusted, whether documents are to be built again."""

    package: Path
    signers: Path | None = None
    rebuild: bool = False
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, and "ok" where it found nothing wrong, "wrong" where it did, "skipped" if it was not run."""

    name: str
    outcome: str
    words: str = ""


@dataclass
class Verified:
    """What a verification comes to, check by check; `lacks` says that this machine lacks what a check needs."""

    checks: list[Check] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lacks: bool = False

    @property
    def exit_code(self) -> int:
        """Return 1 where something is wrong, 4 where something could not be checked, else 0."""
        if self.problems:
            return SOURCES_WRONG
        return MACHINE_LACKS if self.lacks else DONE

    def run(self, name: str, check: Callable[[], tuple[str, list[Problem]]]) -> bool:
        """Run a check and keep what came of it; return whether all is well."""
        try:
            words, found = check()
        except Stop as stop:
            if stop.exit_code == MACHINE_LACKS:
                self.lacks = True
                self.skip(name, stop.problems[0].message)
                return False
            words, found = "", list(stop.problems)
        except MemoryError:
            words, found = (
                "",
                [Problem(REFUSED, f"to look at its {name} takes more memory than a package may", Place())],
            )
        except OSError as error:
            self.lacks = True
            self.skip(name, f"this machine cannot read or write {error.filename or 'a file'}: {error.strerror}")
            return False
        self.problems += found
        count = f"{len(found)} thing{'s' if len(found) != 1 else ''} wrong"
        self.checks.append(Check(name, "wrong", count) if found else Check(name, "ok", words))
        return not found

    def skip(self, name: str, words: str) -> None:
        """Keep that a check was not run, and why."""
        self.checks.append(Check(name, "skipped", words))


def verify(wish: Wish, report: Report = lambda done, total, words: None) -> Verified:
    """Return what there is to say about a package; nothing is written outside a temporary folder."""
    verified = Verified()
    with _open(wish.package, verified) as package, open_scratch("verify") as folder:
        if package is not None:
            _Checks(wish, package, folder, verified, report).run()
    verified.problems = list(sort_problems(verified.problems))
    return verified


@contextmanager
def _open(path: Path, verified: Verified) -> Iterator[ZipPackage | FolderPackage | None]:
    """Give the package, None where it cannot even be listed; what is wrong with its container is kept."""
    package: ZipPackage | FolderPackage | None = None

    def look() -> tuple[str, list[Problem]]:
        nonlocal package
        if not (path.is_dir() or path.is_file()):
            raise Stop(Problem(REFUSED, "is neither a file nor a folder", Place(path.name)))
        package = FolderPackage(path) if path.is_dir() else open_zip(path)
        return f"{len(package.files):,} files", package.problems

    verified.run("container", look)
    try:
        yield package
    finally:
        if isinstance(package, ZipPackage):
            package.close()


@dataclass
class _Checks:
    """The checks of one package, in their order; later ones use what earlier ones read."""

    wish: Wish
    package: ZipPackage | FolderPackage
    folder: Path
    verified: Verified
    report: Report
    info: dict[str, str] = field(default_factory=dict)
    found: dict[str, Digests] = field(default_factory=dict)
    clone: Path | None = None
    said: Provenance | None = None

    def run(self) -> None:
        self.verified.run("files", self._check_files)
        self.verified.run("ledger", self._check_ledger)
        self._run_history()
        self.verified.run("signature", self._check_signature)
        if self.wish.rebuild:
            self._run_rebuild()

    def _check_files(self) -> tuple[str, list[Problem]]:
        self.report(0, 0, "hashing the files")
        self.found = hash_files(self.package)
        self.verified.problems += compare_checksums(self.found, self.package.checksums)
        listed, slips = read_manifest(self.package, MANIFEST)
        tags, tag_slips = read_manifest(self.package, TAG_MANIFEST)
        self.info = read_info(self.package)
        unlisted = set(list_unlisted(self.package, listed, tags))
        problems = [*slips, *tag_slips, *check_form(self.package, self.info, listed)]
        problems += compare_hashes(self.found, {**listed, **tags}, unlisted)
        return f"{len(self.found):,} files are as the manifests list them", problems

    def _check_ledger(self) -> tuple[str, list[Problem]]:
        checked = read_ledger(self.package)
        info = self.info or read_info(self.package)  # the check of files may have ended before it came to that
        problems = list(check_documents(checked, info, self.found))
        return f"{len(checked.lines):,} entries, root {checked.root[:16]}", problems

    def _run_history(self) -> None:
        def check() -> tuple[str, list[Problem]]:
            self.said = read_provenance(self.package)
            if BUNDLE not in self.package.files and self.said.holds == "none":
                return "the package holds none", []
            if BUNDLE not in self.package.files:
                raise Stop(Problem("DB514", "there is no history.bundle", hint="provenance.json says there is"))
            self.report(0, 0, "reading the history")
            with limit_programs(_MEMORY, self.package.files[BUNDLE] * 4 + (1 << 30)):
                self.clone = fetch_bundle(self.package, self.folder)
                found = list(check_history(self.package, self.clone, self.said))
            return f"ends at commit {self.said.tip[:12]}", found

        self.verified.run("history", check)

    def _check_signature(self) -> tuple[str, list[Problem]]:
        words, problems = check_signature(self.package, self.wish.signers, self.folder)
        return words, list(problems)

    def _run_rebuild(self) -> None:
        if self.verified.problems:
            self.verified.skip("rebuild", "the package is not whole")
            return
        if self.clone is None or self.said is None or self.said.people == "none":
            self.verified.lacks = True
            self.verified.skip("rebuild", "the package does not hold all that its documents were made from")
            return
        self.verified.run("rebuild", self._rebuild)

    def _rebuild(self) -> tuple[str, list[Problem]]:
        # What builds documents is loaded when it is needed: to look at hashes takes none of it.
        from pipeline.closure.verify.rebuild import WRONG, compare_papers, has_engine, rebuild
        from pipeline.closure.verify.registers import compare_registers, write_again

        assert self.clone is not None and self.said is not None
        try:
            papers = rebuild(self.package, self.clone, self.said, self.folder, self.wish.jobs, self.report)
            registers = write_again(self.clone, self.said)
        except Stop as stop:
            if stop.exit_code == MACHINE_LACKS:
                raise
            raise Stop(
                *(Problem(WRONG, f"cannot be built: {one.message}", one.place) for one in stop.problems)
            ) from None
        same = has_engine(self.said)
        words, problems = compare_papers(self.package, self.found, papers, same=same)
        return words, [*problems, *compare_registers(self.package, self.found, registers, same=same)]
