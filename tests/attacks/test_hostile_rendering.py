"""Take a project that never ends or fills the memory beside a good one; build both; check what is lost."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from attack_world import DEEDBOX, Victim, check_calm, make_victim

# Allowed, and slow to parse; many of them fill the memory.
WORDS = "*a* `b` **c** " * 200 + "\n\n"
SLOW = {"hostile": f"# Slow\n\n{WORDS * 300}"}
LARGE = {name: text for at in range(9) for name, text in ((f"hostile{at}", f"# Slow\n\n{WORDS * 300}"),)}
GOOD = {"corvus/documents/note.md": "# A note\n\nGood words.\n"}


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Victim:
    victim = make_victim(tmp_path_factory.mktemp("hostile"))
    shutil.copytree(victim.root / "atlas", victim.root / "corvus")
    project = (victim.root / "corvus/project.yaml").read_text()
    victim.commit({"corvus/project.yaml": project.replace("id: atlas", "id: corvus"), **GOOD})
    check_calm(victim.run("build", "--to", "html"), 0)
    return victim


def list_built(victim: Victim) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in (victim.root / "build").rglob("*.html") if path.name != "index.html"
    }


@pytest.mark.parametrize(
    ("texts", "limits", "code", "words"),
    [
        (SLOW, "rendering=1", "DB423", "atlas is not rendered after 1 s of computing"),
        (LARGE, "memory=260", "DB424", "atlas needs more than 260 MB to be rendered"),
    ],
)
def test_project_that_cannot_be_rendered_holds_back_no_other(
    victim: Victim, texts: dict[str, str], limits: str, code: str, words: str
) -> None:
    note = victim.root / "corvus/documents/note.md"
    before = list_built(victim)
    victim.write({f"atlas/documents/{name}.md": text for name, text in texts.items()})
    note.write_text(f"# A note\n\nOther words, {code}.\n")
    try:
        done = victim.run("build", "--to", "html", DEEDBOX_LIMITS=limits)
        check_calm(done, 1)
        assert re.search(rf"^atlas/documents/hostile\d?\.md: error {code}: {words}", done.stderr, re.M), done.stderr
        assert "what was built of atlas earlier is as it was" in done.stderr
        after = list_built(victim)
        assert after.keys() == before.keys()
        assert f"Other words, {code}." in after["note.html"].decode()
        own = {name for name in before if (victim.root / "build/atlas" / name).exists() and name != "note.html"}
        assert own and all(after[name] == before[name] for name in own)
        checked = victim.run("check", DEEDBOX_LIMITS=limits)
        check_calm(checked, 1)
        assert code in checked.stdout
        check_calm(victim.run("build", "corvus", "--to", "html", DEEDBOX_LIMITS=limits), 0)
    finally:
        for name in texts:
            (victim.root / f"atlas/documents/{name}.md").unlink()
        note.write_text(GOOD["corvus/documents/note.md"])
    check_calm(victim.run("build", "--to", "html"), 0)
    assert list_built(victim) == before


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("atlas/charter.md", "{{ nothing_of_this_name }}\n", "DB3"),
        pytest.param("atlas/registers/risks.yaml", "- a: [\n", "DB131", marks=pytest.mark.soak),
        pytest.param(
            "atlas/documents/greedy.md",
            "---\nvalues: true\n---\n{% for i in range(9999999) %}{% endfor %}\n",
            "DB3",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_any_error_of_a_project_holds_back_no_other(victim: Victim, path: str, text: str, code: str) -> None:
    file = victim.root / path
    kept = file.read_bytes() if file.exists() else None
    note = victim.root / "corvus/documents/note.md"
    before = list_built(victim)
    file.write_text(text)
    note.write_text(f"# A note\n\nWords beside {path}.\n")
    try:
        done = victim.run("build", "--to", "html")
        check_calm(done, 1)
        assert path in done.stderr and f"error {code}" in done.stderr
        after = list_built(victim)
        assert after.keys() == before.keys() and f"Words beside {path}." in after["note.html"].decode()
        again = victim.run("build", "--to", "html")
        check_calm(again, 1)
        assert list_built(victim) == after
    finally:
        note.write_text(GOOD["corvus/documents/note.md"])
        file.unlink()
        if kept is not None:
            file.write_bytes(kept)
    check_calm(victim.run("build", "--to", "html"), 0)


def test_no_process_outlives_its_command(victim: Victim) -> None:
    """The processes that read what contributors wrote are gone when the command is."""
    victim.more["DEEDBOX_TEST_MARK"] = str(victim.root)
    check_calm(victim.run("build", "--to", "html", "--force"), 0)
    check_calm(victim.run("check"), 0)
    left = [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if has_mark(path, victim)]
    assert left == []


def has_mark(path: Path, victim: Victim) -> bool:
    try:
        return f"DEEDBOX_TEST_MARK={victim.root}".encode() in path.read_bytes()
    except OSError:
        return False


def test_memory_that_is_missing_is_said_in_one_line(victim: Victim) -> None:
    """The command itself is given too little: whatever it is at, it says so, and shows no traceback."""
    for megabytes in (16, 28, 36):
        done = subprocess.run(
            [
                "/bin/sh",
                "-c",
                f'ulimit -d {megabytes * 1024}; exec "$0" "$@"',
                DEEDBOX,
                "check",
                "-C",
                str(victim.root),
            ],
            env=victim.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        check_calm(done, 0, 1, 4)
        # Either the command itself has too little, or it has enough to say that no process could be started.
        assert done.returncode == 0 or done.stderr.count("\n") == 1 or "DB426" in done.stdout, done
