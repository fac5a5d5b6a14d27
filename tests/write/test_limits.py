"""Take settings as a person might write them; read them as limits; check what they mean and what they must not do."""

from __future__ import annotations

import gc
import resource

import pytest
from pool_tasks import make_letter

from pipeline.document.theme import Theme
from pipeline.problems import USAGE, Stop
from pipeline.processes.limits import Limits, limit_processor, read_limits
from pipeline.write.step import pack_step, run_step


def test_without_a_setting_the_limits_are_generous() -> None:
    assert read_limits("") == read_limits(" ") == Limits(2048, 600, 1800)


def test_each_limit_is_set_by_its_name() -> None:
    assert read_limits("memory=4096 time=60") == Limits(memory=4096, time=60)


def test_off_means_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEDBOX_LIMITS", "off")
    assert read_limits() is None


@pytest.mark.parametrize("words", ["memory", "memory=", "memory=0", "memory=-5", "memory=2G", "size=4", "off time=3"])
def test_what_is_no_limit_stops_with_a_hint(words: str) -> None:
    with pytest.raises(Stop) as stop:
        read_limits(words)
    assert stop.value.exit_code == USAGE
    (problem,) = stop.value.problems
    assert problem.code == "DB435" and "memory=2048" in problem.hint


def test_time_to_compute_is_counted_for_each_document_and_then_lifted() -> None:
    before = resource.getrlimit(resource.RLIMIT_CPU)
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    with limit_processor(1000):
        assert resource.getrlimit(resource.RLIMIT_CPU)[0] >= int(used) + 1000
    assert resource.getrlimit(resource.RLIMIT_CPU) == before


def test_no_collection_disturbs_a_document_and_all_do_again_after_it(theme: Theme) -> None:
    counts = []
    gc.callbacks.append(lambda phase, info: counts.append(gc.isenabled()))
    try:
        run_step(pack_step(make_letter("p/one"), theme, ("docx", "html")))
    finally:
        gc.callbacks.pop()
    assert set(counts) == {True}
    assert gc.isenabled()
