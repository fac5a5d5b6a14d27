"""Take a small project; close it by the command; hold its package against programs of others and against itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from closing_world import ALDER, SETTINGS, Closed, World, make_world, run, surroundings

from pipeline.closure.bag import SIGNATURE


def sh(*words: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        tuple(map(str, words)), cwd=cwd, env=surroundings(), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def test_bagit_accepts_the_package(closed: Closed) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import bagit

        bag = bagit.Bag(str(closed.folder))
        assert bag.validate()
        assert bag.version_info == (1, 0)
    assert bag.info["External-Identifier"] == "mill"
    assert re.fullmatch("SHA-256 [0-9a-f]{64}", bag.info["Ledger-Root"])


def test_sha512sum_accepts_the_package(closed: Closed, need: Callable[[str], str]) -> None:
    for name in ("tagmanifest-sha512.txt", "manifest-sha512.txt"):
        sh(need("sha512sum"), "--check", "--strict", "--quiet", name, cwd=closed.folder)
    count = len([path for path in (closed.folder / "data").rglob("*") if path.is_file()])
    assert f"{count} files below data/" in (closed.folder / "README.txt").read_text()


def test_git_takes_the_bundle(closed: Closed, tmp_path: Path) -> None:
    bundle = closed.folder / "data/history.bundle"
    sh("git", "init", "--quiet", "check", cwd=tmp_path)
    sh("git", "bundle", "verify", bundle, cwd=tmp_path / "check")
    sh("git", "clone", "--quiet", bundle, "clone", cwd=tmp_path)
    sh("git", "fsck", "--strict", cwd=tmp_path / "clone")
    for path in (closed.folder / "data/sources").rglob("*"):
        if path.is_file():
            name = path.relative_to(closed.folder / "data/sources")
            assert (tmp_path / "clone" / name).read_bytes() == path.read_bytes()


def test_every_document_is_there_in_every_format_as_it_was_issued(closed: Closed, tmp_path: Path) -> None:
    words = ("build", "mill", "-C", str(closed.root), "--to", "docx,pdf,html", "-o", str(tmp_path / "build"))
    assert run(*words)[0] == 0
    documents = closed.folder / "data/documents"
    found = {path.relative_to(documents).as_posix(): path for path in documents.rglob("*") if path.is_file()}
    names = ("mill/closure-report", "mill/documents/log")
    assert found.keys() == {f"{name}.{ending}" for name in names for ending in ("docx", "pdf", "html")}
    for name, path in found.items():
        assert path.read_bytes() == (tmp_path / "build" / name).read_bytes(), name


def test_nothing_of_another_project_gets_in(closed: Closed, tmp_path: Path) -> None:
    sh("git", "clone", "--quiet", "--mirror", closed.folder / "data/history.bundle", "clone", cwd=tmp_path)
    log = sh("git", "log", "--all", "-p", "--format=%an %ae %cn %ce %B", cwd=tmp_path / "clone")
    assert "Note that it grinds" in log
    texts = {"log": log.encode()}
    texts |= {str(path): path.read_bytes() for path in closed.folder.rglob("*") if path.is_file()}
    for name, text in texts.items():
        assert not re.search(rb"(?i)alder|secret|quillfeather", text), name


def test_registers_fit_their_schemas(closed: Closed) -> None:
    registers = closed.folder / "data/registers"
    for path in registers.glob("*.json"):
        jsonschema.validate(json.loads(path.read_bytes()), json.loads((registers / "schemas" / path.name).read_bytes()))
    table = (registers / "lessons.csv").read_text(encoding="utf-8-sig").splitlines()
    assert (table[0].split(",")[:2], table[1].split(",")[:2]) == (["id", "title"], ["L-01", "Measure first"])


def test_the_package_says_what_it_is(closed: Closed) -> None:
    closure = json.loads((closed.folder / "data/closure.json").read_bytes())
    assert {one["outcome"] for one in closure["rules"]} == {"met"}
    assert closure["sign_offs"][0]["approved_by"] == "ada.moreau"
    assert (closure["closed"], closure["sensitivity"]) == ("2026-09-28", "internal")
    provenance = json.loads((closed.folder / "data/provenance.json").read_bytes())
    head = sh("git", "rev-parse", "HEAD", cwd=closed.root).strip()
    assert provenance["commit"] == head
    assert f"{provenance['history']['commit']} {head}" in (closed.folder / "data/commits.txt").read_text()
    assert {"Deedbox", "weasyprint", "fonts"} <= provenance["engine"]["parts"].keys()


def test_equal_commits_give_equal_packages_anywhere(closed: Closed, tmp_path: Path) -> None:
    sh("git", "clone", "--quiet", "--no-local", closed.root, "elsewhere", cwd=tmp_path)
    sh("git", "gc", "--quiet", "--aggressive", cwd=tmp_path / "elsewhere")
    more = {
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
        "DEEDBOX_STORE": str(tmp_path / "store"),
    }
    code, answer, words = run("close", "mill", "-o", "out", cwd=tmp_path / "elsewhere", **more)
    assert code == 0, (answer, words)
    assert (tmp_path / "elsewhere" / answer["package"]).read_bytes() == closed.package.read_bytes()


def test_rebuilding_in_an_empty_folder_gives_equal_bytes(closed: Closed, tmp_path: Path) -> None:
    package = tmp_path / "copy.zip"
    package.write_bytes(closed.package.read_bytes())
    more = {"TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8", "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    code, answer, words = run("verify", "copy.zip", "--rebuild", cwd=tmp_path, **more)
    assert code == 0, (answer, words)
    assert answer["checks"][-1] == {
        "name": "rebuild",
        "outcome": "ok",
        "words": "6 documents and the registers made again, bytes compared",
    }
    assert [path.name for path in tmp_path.iterdir() if path.is_dir() and path.name.startswith("deedbox")] == []


def test_documents_of_a_baseline_travel_too(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    world.git("tag", "-a", "baseline/mill/1.0", "-m", "As approved\n\nmill/closure-report 1.0", "HEAD~3")
    world.git("tag", "-a", "alder-9", "-m", "Of the garden")
    world.git("tag", "light")
    code, answer, words = run("close", "mill", "-C", str(world.root))
    assert code == 0, (answer, words)
    sh("unzip", "-q", answer["package"], cwd=tmp_path)
    data = next(tmp_path.glob("mill-closure-*")) / "data"
    old, new = (data / f"documents/{name}mill/documents/log.html" for name in ("baselines/1.0/", ""))
    assert ("It grinds" in old.read_text(), "It grinds" in new.read_text()) == (False, True)
    sh("git", "clone", "--quiet", data / "history.bundle", "clone", cwd=tmp_path)
    assert sh("git", "tag", cwd=tmp_path / "clone").split() == ["baseline/mill/1.0"]
    assert "closure-report 1.0" in sh("git", "cat-file", "tag", "baseline/mill/1.0", cwd=tmp_path / "clone")
    code, answer, words = run("verify", answer["package"], "--rebuild")
    assert (code, answer["problems"]) == (0, []), words


# What is refused.


def close_here(world: World, *words: str) -> tuple[int, list[str]]:
    code, answer, _ = run("close", "mill", "-C", str(world.root), *words)
    return code, [f"{one['file']} {one['code']}" for one in answer["problems"]]


def test_an_open_project_is_refused_with_a_list(closed: Closed, tmp_path: Path) -> None:
    code, answer, _ = run("close", "alder", "-C", str(closed.root), "-o", str(tmp_path / "out"))
    assert code == 1
    found = {(one["file"], one["code"]) for one in answer["problems"]}
    assert found >= {
        ("alder/project.yaml", "DB496"),
        ("alder/registers/lessons.yaml", "DB494"),
        ("alder/closure-report.md", "DB495"),
    }
    assert not (tmp_path / "out").exists()


def test_what_is_not_committed_is_refused_unless_waived(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    world.write({"mill/documents/late.md": "# Late\n", "alder/documents/plan.md": "# Of no concern\n"})
    assert close_here(world) == (1, ["mill/documents/late.md DB498"])
    assert not (world.root / "build").exists()
    code, answer, words = run(
        *("close", "mill", "-C", str(world.root), "--waive", "committed", "--reason", "A note to myself")
    )  # fmt: skip
    assert code == 0, words
    sh("unzip", "-q", answer["package"], cwd=tmp_path)
    data = next(tmp_path.glob("mill-closure-*")) / "data"
    rules = {one["id"]: one for one in json.loads((data / "closure.json").read_bytes())["rules"]}
    assert (rules["committed"]["outcome"], rules["committed"]["reason"]) == ("waived", "A note to myself")
    assert not (data / "sources/mill/documents/late.md").exists()


@pytest.mark.parametrize(
    "words",
    [("--waive", "commited", "--reason", "x"), ("--waive", "committed"), ("--waive", "committed", "--reason", " ")],
)
def test_waivers_of_nothing_or_without_reason_are_refused(closed: Closed, words: tuple[str, ...]) -> None:
    code, _, said = run("close", "mill", "-C", str(closed.root), *words)
    assert code == 2, said


def test_an_approval_may_stand_in_git_alone(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    text = (world.root / "mill/closure-report.md").read_text()
    world.commit({"mill/closure-report.md": text.partition("---\n\n")[2]}, "State no version")
    assert close_here(world) == (1, ["mill/closure-report.md DB495"])
    world.commit({}, "Read the garden\n\nApproves: alder/*\nApproved-by: Ada Moreau <ada.moreau@example.org>")
    assert close_here(world) == (1, ["mill/closure-report.md DB495"])
    world.commit({}, "Read the report\n\nApproves: mill/*\nApproved-by: Ada Moreau <ada.moreau@example.org>")
    world.commit(ALDER, "Plant")
    assert close_here(world)[0] == 0
    world.commit({"mill/closure-report.md": text.partition("---\n\n")[2] + "\nMore.\n"}, "Change it since")
    assert close_here(world) == (1, ["mill/closure-report.md DB495"])


def test_a_problem_of_the_sources_is_refused_with_its_place(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    world.commit({"mill/documents/log.md": "# Log\n\n![](images/none.png)\n"}, "Break it")
    code, found = close_here(world)
    assert (code, set(found)) == (1, {"mill/documents/log.md DB497"})


def test_what_the_checklist_leaves_open_is_refused(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    rules = {"deedbox.yaml": SETTINGS.replace('DB306: "off"', 'DB306: "off", DB239: "off"')}
    item = "checklist:\n  - {id: CL-01, area: contracts, title: The miller is paid, owner: jon.weir, status: open}\n"
    world.commit({**rules, "mill/closure.yaml": item}, "Start a checklist")
    assert close_here(world) == (1, ["mill/closure.yaml DB490"])
    done = item.replace("open", "done, done: 2026-09-28")
    world.commit({"mill/closure.yaml": done}, "Pay the miller")
    assert close_here(world)[1] == []


def test_a_killed_run_leaves_nothing_that_the_next_one_does_not_tidy(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir()
    command = (sys.executable, "-I", "-m", "pipeline", "close", "mill", "-C", str(world.root), "-o", str(out))
    environment = surroundings(TMPDIR=str(temporary))
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while not list(temporary.glob("deedbox-close-*/history")):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert list(temporary.glob("deedbox-close-*"))
    assert not list(out.glob("*.zip"))
    (out / ".mill-closure-2026-09-01.zip.new").write_bytes(b"half")
    assert run(*command[4:], TMPDIR=str(temporary))[0] == 0
    assert list(temporary.iterdir()) == []
    assert {path.name for path in out.iterdir()} == {".gitignore", ".lock", "mill-closure-2026-09-28.zip"}


def test_a_shallow_clone_is_refused(closed: Closed, tmp_path: Path) -> None:
    sh("git", "clone", "--quiet", "--depth", "1", closed.root.as_uri(), "shallow", cwd=tmp_path)
    code, answer, _ = run("close", "mill", "-C", str(tmp_path / "shallow"))
    assert (code, answer["problems"][0]["code"]) == (4, "DB500")


def test_no_such_project_is_a_matter_of_usage(closed: Closed) -> None:
    code, answer, _ = run("close", "mull", "-C", str(closed.root))
    assert (code, answer["problems"][0]["hint"]) == (2, "did you mean `mill`?")


def test_an_unsigned_package_says_so(closed: Closed) -> None:
    assert not (closed.folder / SIGNATURE).exists()
    assert "not signed" in (closed.folder / "README.txt").read_text()
