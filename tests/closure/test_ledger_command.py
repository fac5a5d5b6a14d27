"""Take a repository; build it, record it and close it by the command; follow its ledger into the package."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from closing_world import make_world, run
from packages import check

from pipeline.closure.ledger.check import check_ledger


def test_what_was_issued_is_recorded_proved_and_taken_into_the_package(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    here = ("-C", str(world.root))
    assert run("ledger", "record", *here)[0] == 2  # nothing is built
    assert run("build", *here)[0] == 0
    code, answer, _ = run("ledger", "record", *here)
    assert code == 0
    assert [one["path"] for one in answer["recorded"]] == [
        "alder/documents/plan.html", "mill/closure-report.html", "mill/documents/log.html",
    ]  # fmt: skip
    world.commit({}, "Record what was issued")
    assert run("ledger", "record", *here)[1]["recorded"] == []
    code, answer, _ = run("ledger", "verify", *here)
    assert (code, answer["size"]) == (0, 3)
    assert run("ledger", "show", *here)[1]["root"] == answer["root"]
    code, proof, _ = run("ledger", "prove", "mill/documents/log.html", *here)
    (tmp_path / "r/build/proof.json").write_text(json.dumps(proof))
    assert run("ledger", "verify", "build/proof.json", *here)[0] == 0

    world.commit(
        {"mill/documents/log.md": "# Log\n\nA last word.\n", "README.md": "Of no concern\n"}, "Add a last word"
    )
    (world.root / "README.md").write_text("Not committed, and no file of the project\n")
    code, answer, words = run("close", "mill", *here)
    assert code == 0, (answer, words)
    assert check(Path(answer["package"])).problems == []
    with zipfile.ZipFile(answer["package"]) as archive:
        data = archive.read(next(name for name in archive.namelist() if name.endswith("/ledger.jsonl")))
    entries = [line.entry for line in check_ledger(data).lines if line.entry]
    assert [one.path for one in entries[:2]] == ["mill/closure-report.html", "mill/documents/log.html"]
    assert [one.number for one in entries] == list(range(1, 2 + 6))
    assert sum(one.path == "mill/documents/log.html" for one in entries) == 2  # as issued before, and as it is now
    assert b"alder" not in data


def test_a_broken_ledger_keeps_a_project_open(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    world.commit({"ledger.jsonl": "nonsense\n"}, "Break the ledger")
    code, answer, _ = run("close", "mill", "-C", str(world.root))
    assert (code, {one["file"] for one in answer["problems"]}) == (1, {"ledger.jsonl"})
    code, answer, _ = run("ledger", "verify", "-C", str(world.root))
    assert (code, answer["problems"][0]["code"]) == (1, "DB516")
