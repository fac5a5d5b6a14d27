"""Take a made-up plan of 5,000 tasks; schedule it here, by networkx and by TaskJuggler; print the ratios.

    .venv/bin/python benchmarks/schedule_speed.py

Against networkx: the critical path method (both passes, floats, from records to the last number) and `dag_longest_path`
on a graph that is already built. Against TaskJuggler: from records to the dated plan with its floats and critical path,
and one run of `tj3` on the same plan, less its start-up. It ends with 1 if a ratio misses its limit; without tj3 that
part is left out, and said to be.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "tests/controls"))

import networkx
from controls_work import load
from taskjuggler import read_days, run_taskjuggler, write_forward

from pipeline.controls.calendar import WorkCalendar
from pipeline.controls.network import PARTS, Activity, compute_network, in_parts
from pipeline.controls.plan import make_axis
from pipeline.controls.planning import compute_plan, find_standings, make_activities
from pipeline.model.project import Project
from pipeline.model.schedule import Schedule

TASKS, LINKS, RUNS = 5_000, 8_000, 7
MOST_OF_NETWORKX, LEAST_OF_TASKJUGGLER = 2.0, 20.0
BASELINE = {"start": date(2026, 1, 1), "finish": date(2026, 1, 1)}


def make_project(tasks: int, links: int) -> Project:
    """Return a project in which every link leads back by at most two hundred tasks."""
    chance = random.Random(1)
    found: set[tuple[int, int]] = set()
    while len(found) < links:
        after = chance.randrange(1, tasks)
        found.add((after, chance.randrange(max(0, after - 200), after)))
    before: dict[int, list[str]] = {number: [] for number in range(tasks)}
    for after, number in sorted(found):
        kind = chance.choice(("FS", "FS", "FS", "SS"))
        before[after].append(f"T{number} {kind}+{chance.choice((0, 0, 0, 2, 5))}")
    rows = [
        {
            "id": f"T{number}",
            "work_package": "WP1",
            "title": "A task",
            "duration": chance.randint(1, 8),
            "predecessors": before[number],
            "baseline": BASELINE,
            "owner": "ann.owner",
            "effort": 1,
        }
        for number in range(tasks)
    ]
    calendar = {"country": "DE", "holidays": [{"date": date(2026, 12, 24), "name": "Christmas Eve"}]}
    values = {"calendar": calendar, "work_packages": [], "milestones": [], "tasks": rows}
    return replace(load(), schedule=Schedule.model_validate(values))


def make_graph(activities: tuple[Activity, ...]) -> networkx.DiGraph:
    """Return the same network for networkx: what lies at least between the starts of two tasks."""
    days = {one.id: in_parts(one.duration) for one in activities}
    graph = networkx.DiGraph()
    for one in activities:
        graph.add_node(one.id)
        for link in one.links:
            weight = link.lag * PARTS + (days[link.task] if link.kind == "FS" else 0)
            graph.add_edge(link.task, one.id, weight=weight)
    return graph


def measure(work: Callable[[], object], runs: int) -> float:
    """Return the least processor time of some runs, in seconds: what others do meanwhile does not count."""
    times = []
    for _ in range(runs):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


def compare_networkx(project: Project) -> bool:
    axis = make_axis(WorkCalendar(project.schedule.calendar), project.info.start)
    activities = make_activities(project.schedule, find_standings(project.schedule, None), axis, None)
    graph = make_graph(activities)
    assert max(compute_network(activities).starts) == networkx.dag_longest_path_length(graph)
    theirs = measure(lambda: networkx.dag_longest_path(graph), RUNS)
    ours = measure(lambda: compute_network(activities), RUNS)
    print(f"networkx, longest path     {theirs * 1000:9.1f} ms")
    print(
        f"critical path method       {ours * 1000:9.1f} ms  ({ours / theirs:.2f} times; {MOST_OF_NETWORKX:.0f} at most)"
    )
    return ours <= MOST_OF_NETWORKX * theirs


def compare_taskjuggler(project: Project) -> bool:
    ours = measure(lambda: compute_plan(project, None), RUNS)
    print(f"dated plan                 {ours * 1000:9.1f} ms")
    program = shutil.which("tj3")
    if program is None:
        print("TaskJuggler                 left out: tj3 is not installed")
        return True
    small = replace(project, schedule=project.schedule.model_copy(update={"tasks": project.schedule.tasks[:1]}))
    start_up, _ = run(program, small)
    theirs, days = run(program, project)
    plan = compute_plan(project, None)
    assert {row.id: row.finish for row in plan.tasks} == {id: found for id, found in days.items()}
    ratio = (theirs - start_up) / ours
    print(
        f"TaskJuggler                {theirs * 1000:9.1f} ms  ({start_up * 1000:.0f} ms of it for a plan of one task)"
    )
    print(f"TaskJuggler takes          {ratio:9.1f} times as long  ({LEAST_OF_TASKJUGGLER:.0f} at least)")
    return ratio >= LEAST_OF_TASKJUGGLER


def run(program: str, project: Project) -> tuple[float, dict[str, date]]:
    """Return the processor time of one run of TaskJuggler in seconds, and the last day of each task."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        text = write_forward(project, years=4)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run_taskjuggler(program, text, Path(folder))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return taken, {id: row.finish for id, row in read_days(Path(folder)).items()}


def main() -> int:
    project = make_project(TASKS, LINKS)
    print(f"{TASKS} tasks, {LINKS} links")
    kept = [compare_networkx(project), compare_taskjuggler(project)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
