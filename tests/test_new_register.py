"""Take a copy of the source; follow the recipes for a field and a register to the letter; look for all they promise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.golden.repositories import make_repository
from tests.test_recipes import Copy, replace_once

ROOT = Path(__file__).parents[1]
COMMANDS = {"deedbox": ("-m", "pipeline"), ".venv/bin/python": ()}

PERMITS = '''"""Take a permit log; hold what authorities have to allow; give permits."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pipeline.model.base import Day, Record, Reference, Text
from pipeline.model.facts import DayOf, Id, Names, NotBefore, Since


class Permit(Record):
    """Something that an authority has to allow."""

    id: Annotated[str, Id("PE-01", "permit")] = Field(description="Number of the permit")
    title: Text = Field(description="What is to be allowed")
    status: Literal["asked", "granted"] = Field(description="Whether it is granted")
    raised: Annotated[Day, Since()] = Field(description="Day on which it was asked for")
    granted: Annotated[Day | None, NotBefore("raised"), DayOf(("granted",))] = Field(
        None, description="Day on which it was granted"
    )
    owner: Annotated[Reference, Names("people", until="granted")] = Field(description="Person who asks for it")
    tasks: Annotated[tuple[Reference, ...], Names("tasks")] = Field((), description="Tasks that wait for it")

    def open_on(self, day: date) -> bool:
        """Return whether it was still asked for at the end of that day."""
        return self.granted is None or day < self.granted


class PermitsFile(Record):
    """The permits that a project needs."""

    permits: tuple[Permit, ...] = Field(description="One entry a permit")
'''
GOOD = """permits:
  - {id: PE-01, title: Works in the basement, status: granted, raised: 2026-05-04, granted: 2026-06-01,
     owner: ines.duarte, tasks: [T23]}
  - {id: PE-02, title: Cable through the wall, status: asked, raised: 2026-10-05, owner: luca.ferraro}
"""
LIST = """---
id: permits
title: Permits
each: project
---
{{ table(open_permits, [col("No.", "id"), col("Permit", "title"), col("Asked by", "owner.name")], caption="Open") }}

{{ permits | length }} permits{% for one in permits if one.tasks %}, {{ one.id }} for {{ one.tasks }}{% endfor %}.
"""
PACKAGE = """
import json, sys
from pathlib import Path
from pipeline.closure.registers import make_registers
from pipeline.model.load import load_whole
from pipeline.sources.commit import read_commit

made = make_registers(load_whole(read_commit(Path(sys.argv[1]), "HEAD"), "atlas"))
print(json.dumps({path: data.decode() for path, data in made}))
"""


def run(copy: Copy, *words: str) -> str:
    """Return what Python prints that takes the copy's code."""
    done = copy.run(*words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def follow(copy: Copy, recipe: str) -> None:
    """Run each command that a recipe of CONTRIBUTING names."""
    text = re.search(rf"\*\*{recipe}\.\*\*.*?\n\n", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    assert text is not None
    found = re.findall(r"`((?:deedbox|\.venv/bin/python) [^`]+)`", text[0].replace("\n", " "))
    assert len(found) == 2
    for command in found:
        program, *arguments = command.split()
        run(copy, *COMMANDS[program], *arguments)


def find_problems(copy: Copy) -> dict[str, tuple[str, int, int, str]]:
    """Return the place and hint of what the command says of the copy's sample, by code."""
    root = make_repository(copy.folder / "repository", copy.folder / "checked")
    found = json.loads(copy.deedbox("check", "-C", str(root), "--format", "json").stdout)["problems"]
    return {one["code"]: (one["file"], one["line"], one["column"], one["hint"]) for one in found}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Return a copy of all that the recipes speak of."""
    return Copy(tmp_path)


def add_permits(copy: Copy) -> None:
    """Do what the recipe says: the record, and a line in one table."""
    copy.write("pipeline/model/registers/permits.py", PERMITS)
    replace_once(
        copy,
        "pipeline/model/subjects.py",
        "    _register(DependenciesFile),\n",
        "    _register(DependenciesFile),\n    _register(PermitsFile),\n",
    )
    replace_once(
        copy,
        "pipeline/model/subjects.py",
        "from pipeline.model.resources",
        "from pipeline.model.registers.permits import PermitsFile\nfrom pipeline.model.resources",
    )


def test_a_new_register_is_two_places(copy: Copy) -> None:
    add_permits(copy)
    copy.write("repository/atlas/registers/permits.yaml", GOOD)
    copy.write("repository/templates/permits.md.j2", LIST)
    follow(copy, "Add a register")
    assert find_problems(copy) == {}
    root = str(copy.folder / "checked")
    run(copy, "-m", "pipeline", "build", "atlas/permits", "--to", "html", "-C", root)
    text = (copy.folder / "checked/build/atlas/permits.html").read_text()
    assert "PE-02" in text and "Luca Ferraro" in text and "Works in the basement" not in text
    assert "2 permits, PE-01 for T23." in text
    schema = json.loads((copy.folder / "repository/.schemas/permit.json").read_text())
    assert schema["properties"]["tasks"]["x-names"] == "tasks"
    sources = (copy.folder / "docs/reference/sources.md").read_text()
    assert "## permits" in sources and "| `granted` |  | date, not before `raised` |" in sources
    writing = (copy.folder / "docs/reference/writing.md").read_text()
    assert "| `permits` | the permits raised up to the day |" in writing and "| `open_permits` |" in writing
    package = json.loads(run(copy, "-c", PACKAGE, root))
    assert [one["id"] for one in json.loads(package["permits.json"])["permits"]] == ["PE-01", "PE-02"]
    assert package["permits.csv"].lstrip("\ufeff").startswith("id,title,status,raised,granted,owner,tasks")
    assert json.loads(package["schemas/permits.json"])["definitions"]["Permit"]


def test_faults_in_a_new_register_are_found_with_place_and_hint(copy: Copy) -> None:
    add_permits(copy)
    faults = {
        "owner: ines.duarte": "owner: ines.duart",
        "granted: 2026-06-01": "granted: 2026-05-01",
        "tasks: [T23]": "tasks: [T230]",
        "status: asked": "status: asket",
    }
    text = GOOD
    for old, new in faults.items():
        text = text.replace(old, new)
    copy.write("repository/atlas/registers/permits.yaml", text)
    path = "atlas/registers/permits.yaml"
    assert find_problems(copy) == {
        "DB205": (path, 4, 56, "did you mean `asked`?"),
        "DB220": (path, 3, 13, "did you mean `ines.duarte`?"),
        "DB222": (path, 3, 33, "did you mean `T30`?"),
        "DB230": (path, 2, 93, ""),
    }


def test_a_new_field_is_one_place(copy: Copy) -> None:
    field = (
        '    checker: Annotated[Reference | None, Names("people")] = Field(None, description="Person who checks it")\n'
    )
    replace_once(copy, "pipeline/model/registers/actions.py", "    source: Text", f"{field}    source: Text")
    replace_once(
        copy, "repository/atlas/registers/actions.yaml", "source: R-07\n", "source: R-07\n    checker: ines.duart\n"
    )
    follow(copy, "Add a field")
    ((code, (path, _, _, hint)),) = find_problems(copy).items()
    assert (code, path, hint) == ("DB220", "atlas/registers/actions.yaml", "did you mean `ines.duarte`?")
    sources = (copy.folder / "docs/reference/sources.md").read_text()
    assert "| `checker` |  | id of a person | Person who checks it |" in sources
    schema = json.loads((copy.folder / "repository/.schemas/action.json").read_text())
    assert schema["properties"]["checker"]["x-names"] == "people"
