"""Take a repository and a number; commit so many changes of the kinds that people make; give their commits.

Of twenty commits ten change the words of one document, four a figure, three an entry of a register, one a remark that
no document shows, one adds a person to the file that all documents may look into, one takes the last change back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from benchmarks.portfolio import Repository

_SENTENCE = "The office has looked at this again and found it right, note {}."


def make_history(office: Repository, count: int) -> list[str]:
    """Return the commits, oldest first; the project changes from one to the next."""
    commits = []
    for number in range(count):
        change = _KINDS[number % len(_KINDS)]
        change(office, office.ids[number % len(office.ids)], number)
        office.commit(f"{change.__name__.strip('_').replace('_', ' ').capitalize()}, {number}")
        commits.append(office.git("rev-parse", "HEAD"))
    return commits


def _change_charter(office: Repository, project: str, number: int) -> None:
    _add_words(office, f"{project}/charter.md", "# Business case\n", number)


def _change_report(office: Repository, project: str, number: int) -> None:
    _add_words(office, f"{project}/reports/2026-10.md", "# Summary\n", number)


def _change_minutes(office: Repository, project: str, number: int) -> None:
    path = f"{project}/documents/2026-10-22-steering-committee.md"
    office.write({path: f"{office.read(path)}\n{_SENTENCE.format(number)}\n"})


def _change_budget(office: Repository, project: str, number: int) -> None:
    _replace(
        office, f"{project}/budget.yaml", r"(B06\n(?:.*\n){3} *years: \{2026: )[0-9.]+", rf"\g<1>{28_000 + number}.00"
    )


def _change_cost(office: Repository, project: str, number: int) -> None:
    _replace(office, f"{project}/progress/2026-10.yaml", r"(B12: \{actual: )[0-9.]+", rf"\g<1>{11_940 + number}.00")


def _change_risk(office: Repository, project: str, number: int) -> None:
    path = f"{project}/registers/risks/R-{2 + number % 8:02}.yaml"
    _replace(office, path, r"^title: (.*?)(?:, see \d+)?$", rf"title: \1, see {number}")


def _change_action(office: Repository, project: str, number: int) -> None:
    path = f"{project}/registers/actions.yaml"
    _replace(office, path, r"(title: Name a key user in each reading room).*", rf"\1, part {number}")


def _add_remark(office: Repository, project: str, number: int) -> None:
    path = f"{project}/schedule.yaml"
    office.write({path: f"{office.read(path)}# Looked at once more: {number}\n"})


def _add_person(office: Repository, project: str, number: int) -> None:
    entry = f"  - {{id: new.person{number}, name: New Person {number}, role: Clerk}}\n"
    office.write({"people.yaml": f"{office.read('people.yaml')}{entry}"})


def _take_back(office: Repository, project: str, number: int) -> None:
    office.git("checkout", "--quiet", "HEAD~1", "--", ".")


def _add_words(office: Repository, path: str, after: str, number: int) -> None:
    text = office.read(path)
    assert after in text
    office.write({path: text.replace(after, f"{after}\n{_SENTENCE.format(number)}\n", 1)})


def _replace(office: Repository, path: str, pattern: str, by: str) -> None:
    text, found = re.subn(pattern, by, office.read(path), count=1, flags=re.MULTILINE)
    assert found, f"{path} has no {pattern}"
    office.write({path: text})


_KINDS: tuple[Callable[[Repository, str, int], None], ...] = (
    _change_charter, _change_report, _change_budget, _change_minutes, _change_risk,
    _change_charter, _change_cost, _change_report, _add_remark, _change_charter,
    _change_action, _change_minutes, _change_budget, _change_charter, _add_person,
    _change_report, _change_risk, _change_charter, _change_cost, _take_back,
)  # fmt: skip
