"""Take tasks with predecessors, some of them summaries that stand for their parts; give links between tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.model.outline import Outline
from pipeline.model.schedule import Link, Schedule


def spread_links(schedule: Schedule) -> Mapping[str, tuple[Link, ...]]:
    """Return the predecessors of each task with work: a summary stands for all of its parts.

    What waits for a summary waits for each of its parts; where a summary waits, each of its parts does. Links that
    cannot be understood, lead nowhere or back to the task itself are left out: rules report them.
    """
    outline, own = schedule.outline, {task.id: task.links for task in schedule.tasks}
    spread = {}
    for id in own:
        if id not in outline.summaries:
            wanted = [link for one in (id, *outline.around(id)) for link in own[one]]
            spread[id] = tuple(_follow_all(wanted, id, outline))
    return spread


def _follow_all(links: list[Link], id: str, outline: Outline) -> Iterator[Link]:
    told = set()
    for link in links:
        for leaf in outline.leaves.get(link.task, ()):
            key = (leaf, link.kind, link.lag)
            if leaf != id and key not in told:
                told.add(key)
                yield _follow(link, leaf)


def _follow(link: Link, leaf: str) -> Link:
    return link if link.task == leaf else Link(leaf, link.kind, link.lag)


def open_circles(links: Mapping[str, tuple[Link, ...]]) -> Mapping[str, tuple[Link, ...]]:
    """Return the links without those between tasks of a circle or behind one, so that what is left can be put in order.

    A rule reports circles; figures of the rest are then of use while the circle is being mended.
    """
    waiting = {id: len(own) for id, own in links.items()}
    after: dict[str, list[str]] = {id: [] for id in links}
    for id, own in links.items():
        for link in own:
            after[link.task].append(id)
    free = [id for id, count in waiting.items() if not count]
    while free:
        for id in after[free.pop()]:
            waiting[id] -= 1
            if not waiting[id]:
                free.append(id)
    stuck = {id for id, count in waiting.items() if count}
    return {id: tuple(one for one in own if one.task not in stuck) if stuck else own for id, own in links.items()}
