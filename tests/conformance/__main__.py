"""Take the sample and the golden cases as built; ask every judge; print one table, end with 0 only if all agree."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from pipeline.problems import DONE, MACHINE_LACKS, SOURCES_WRONG, USAGE
from tests.conformance.files import Made, build_golden, list_made
from tests.conformance.generated import build_generated
from tests.conformance.judges import Judge, Missing, Verdict
from tests.conformance.office import lay_out
from tests.conformance.pandoc import judge_reading_back
from tests.conformance.steps import compare_pages, judge_opening, judge_steps
from tests.conformance.verapdf import judge_archive_and_access
from tests.conformance.word import judge_integrity, judge_schema

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "repository"
_JUDGES: tuple[Judge, ...] = (judge_archive_and_access, judge_schema, judge_integrity, judge_reading_back)
_SHOWN = 12


def main(words: Sequence[str]) -> int:
    """Return the exit code: 0 all judges agree, 1 one does not, 2 nothing is built, 4 a judge is missing."""
    options = _read_options(words)
    try:
        with TemporaryDirectory(prefix="deedbox-conformance-") as folder:
            verdicts = list(judge_all(Path(folder), options.generated, options.seed))
    except Missing as missing:
        _say(f"{missing.judge} is missing on this machine. Install it with:\n    {missing.command}")
        return MACHINE_LACKS
    except FileNotFoundError as error:
        _say(str(error))
        return USAGE
    return DONE if all(verdict.holds for verdict in verdicts) else SOURCES_WRONG


def judge_all(folder: Path, generated: int, seed: int) -> Iterator[Verdict]:
    """Yield each judge's verdict as soon as it is known, and print it."""
    sample = list(list_made("sample", SAMPLE, SAMPLE / "build"))
    golden = list(build_golden(folder / "golden"))
    made = [*sample, *golden]
    _say(f"{len(sample)} documents of the sample, {len(golden)} of golden cases")
    for judge in _JUDGES:
        yield from _report(judge, made)
    yield from _judge_steps("sample", sample, folder / "sample")
    yield from _judge_steps("golden cases", golden, folder / "office")
    if generated:
        random = list(build_generated(folder / "generated", generated, seed))
        _say(f"\n{len(random)} generated")
        yield from _report(judge_archive_and_access, random)
        yield from _judge_steps("generated", random, folder / "random", least=0.99)


def _report(judge: Judge, made: Sequence[Made]) -> Iterator[Verdict]:
    start = perf_counter()
    for verdict in judge(made):
        yield _print(verdict, perf_counter() - start)
        start = perf_counter()


def _judge_steps(kind: str, made: Sequence[Made], folder: Path, least: float = 1.0) -> Iterator[Verdict]:
    start = perf_counter()
    office = lay_out(made, folder)
    yield _print(judge_opening(made, office), perf_counter() - start)
    for verdict in judge_steps(kind, compare_pages(made, office), least):
        yield _print(verdict, 0.0)


def _print(verdict: Verdict, seconds: float) -> Verdict:
    share = 100 * verdict.passed / verdict.judged if verdict.judged else 0.0
    count = f"{verdict.passed} of {verdict.judged} {verdict.unit}"
    time = f"{seconds:6.1f} s" if seconds else ""
    _say(f"{'pass' if verdict.holds else 'FAIL'}  {verdict.judge:<30}{count:<22}{share:6.1f} %{time:>10}".rstrip())
    for finding in verdict.findings[:_SHOWN]:
        _say(f"      {finding}")
    if len(verdict.findings) > _SHOWN:
        _say(f"      and {len(verdict.findings) - _SHOWN} more")
    return verdict


def _read_options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.conformance", description=__doc__)
    parser.add_argument("--generated", type=int, default=12, metavar="N", help="random documents besides (default: 12)")
    parser.add_argument("--seed", type=int, default=1, help="where their numbers start (default: 1)")
    return parser.parse_args(words)


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
