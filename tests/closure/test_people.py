"""Take a project and each setting for people and history; close it; look for names where they must not be."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml
from closing_world import PEOPLE, SETTINGS, make_world, run
from git_work import run_git
from packages import check, named, read_folder, reseal

from pipeline.closure.name_parts import find_ordinary
from pipeline.closure.people_file import Person, list_people, trim_people
from pipeline.closure.pseudonyms import Pseudonyms
from pipeline.closure.rewriting import trim_projects

NAMES = re.compile(rb"(?i)moreau|ada\.|weir|jon\.|555 0101")


def close_with(tmp_path: Path, settings: str) -> tuple[Path, Path]:
    """Return the package and the unpacked data of a project closed with these settings."""
    world = make_world(tmp_path / "r")
    world.commit({"deedbox.yaml": f"{SETTINGS}closure: {{{settings}}}\n"}, "Say what packages carry")
    code, answer, words = run("close", "mill", "-C", str(world.root), "-o", str(tmp_path / "out"))
    assert code == 0, (answer, words)
    with zipfile.ZipFile(answer["package"]) as archive:
        archive.extractall(tmp_path / "x")
    return Path(answer["package"]), next((tmp_path / "x").iterdir()) / "data"


def git(*words: str, cwd: Path) -> str:
    return run_git(cwd, *words)


def test_pseudonyms_leave_no_name_in_sources_history_documents_or_records(tmp_path: Path) -> None:
    package, data = close_with(tmp_path, "people: pseudonyms")
    git("clone", "--quiet", str(data / "history.bundle"), "clone", cwd=tmp_path)
    log = git("log", "--all", "-p", "--format=%an %ae %cn %ce %B", cwd=tmp_path / "clone")
    assert re.search(r"Person (\d{3}) person-\1@example.invalid", log)
    assert not NAMES.search(log.encode())
    for path in data.parent.rglob("*"):
        if path.suffix in (".yaml", ".md", ".html", ".json", ".jsonl", ".csv", ".txt"):
            assert not NAMES.search(path.read_bytes()), path
    with zipfile.ZipFile(data / "documents/mill/documents/log.docx") as parts:
        assert not any(NAMES.search(parts.read(name)) for name in parts.namelist())
    assert "cleaned of barnacles by Person 00" in (data / "documents/mill/documents/log.html").read_text()
    code, answer, _ = run("verify", str(package), "--rebuild")
    assert (code, answer["checks"][-1]["words"]) == (0, "6 documents and the registers made again, bytes compared")
    files, lessons = read_folder(data.parent), "data/registers/lessons.csv"
    forged = reseal({**files, lessons: files[lessons].replace(b"person-", b"folk-")}, tmp_path / "forged.zip")
    assert named(check(forged, rebuild=True)) == {lessons: "comes out of the sources with other bytes"}


def test_pseudonyms_find_parts_of_names_in_prose_messages_authors_and_file_names(tmp_path: Path) -> None:
    """The weir stays, since it is a word of the miller's log as well; and whoever closes is told where it stands."""
    world = make_world(tmp_path / "r")
    log = "# Log of the miller\n\nAs Moreau said (A. Moreau, [notes](moreau_notes.md)), MOREAU'S wheel grinds.\n\n"
    world.commit(
        {
            "deedbox.yaml": f"{SETTINGS}closure: {{people: pseudonyms}}\n",
            "mill/documents/log.md": f"{log}The weir leaks. Weir-men mend it. Quillfeather planted nothing.\n",
            "mill/documents/moreau_notes.md": "# Notes of the visit\n\nSee the [log](log.md).\n",
            "mill/documents/plan.pdf": b"%PDF-1.4 \xff",
        },
        "Note what Moreau said\n\nBerg agrees with Weir, and berg@other.example knows.",
        author="Sanna Berg <sb@elsewhere.example>",
    )
    code, answer, words = run("close", "mill", "-C", str(world.root), "-o", str(tmp_path / "out"))
    assert code == 0, (answer, words)
    shutil.unpack_archive(answer["package"], tmp_path / "x")
    (data,) = (tmp_path / "x").glob("*/data")
    git("clone", "--quiet", str(data / "history.bundle"), "clone", cwd=tmp_path)
    history = git("log", "--all", "-p", "-m", "--raw", "--format=%an %ae %cn %ce %B", cwd=tmp_path / "clone")
    paths = [path.relative_to(data).as_posix() for path in data.rglob("*")]
    texts = [
        path.read_text() for path in data.rglob("*") if path.suffix in (".yaml", ".md", ".html", ".json", ".jsonl")
    ]
    everything = "\n".join([history, *paths, *texts])
    assert not re.search("(?i)moreau|berg|sanna|quillfeather|ada\\b", everything)
    (shown,) = re.findall(
        "As (.*) said \\((.*), \\[notes\\]\\((.*)_notes.md\\)\\), (.*)'S wheel", texts_of(data, "log.md")
    )
    assert shown == (shown[0], shown[0], shown[0].lower().replace(" ", "-"), shown[0])
    assert re.search("(?m)^Person \\d+ agrees with Weir, and person@example.invalid knows", history)
    told = [f"{one['file']}:{one['line']}: {one['message']}" for one in answer["problems"] if one["code"] == "DB520"]
    assert [words for words in told if words.startswith("mill/documents/log.md:5: `Weir` is part of")]
    assert [words for words in told if "`Weir`" in words and "in the message of commit" in words]
    assert [words for words in told if "no texts: mill/documents/plan.pdf" in words]
    assert len(told) == 3
    assert run("verify", answer["package"], "--rebuild")[0] == 0


def texts_of(data: Path, name: str) -> str:
    return "\n".join(path.read_text() for path in (data / "sources").rglob(name))


def test_people_left_out_are_in_neither_sources_nor_history(tmp_path: Path) -> None:
    package, data = close_with(tmp_path, "people: none")
    assert not (data / "sources/people.yaml").exists()
    git("clone", "--quiet", str(data / "history.bundle"), "clone", cwd=tmp_path)
    log = git("log", "--all", "-p", "--format=%an %ae %cn %ce", cwd=tmp_path / "clone")
    assert not re.search("people.yaml|@example.org|Jon Weir", log)
    assert "Contact-Name" not in (data.parent / "bag-info.txt").read_text()
    assert run("verify", str(package))[0] == 0
    code, answer, _ = run("verify", str(package), "--rebuild")
    assert (code, answer["checks"][-1]["outcome"]) == (4, "skipped")


def test_full_history_is_the_repository_as_it_is(tmp_path: Path) -> None:
    package, data = close_with(tmp_path, "history: full, retention_years: 10")
    git("clone", "--quiet", str(data / "history.bundle"), "clone", cwd=tmp_path)
    head = git("rev-parse", "HEAD", cwd=tmp_path / "r")
    assert git("rev-parse", "HEAD", cwd=tmp_path / "clone") == head
    assert json.loads((data / "closure.json").read_bytes())["retention"] == {"years": 10, "until": "2036-09-28"}
    assert not (data / "sources/alder").exists()
    assert run("verify", str(package), "--rebuild")[0] == 0


def test_without_history_the_rest_is_still_proved(tmp_path: Path) -> None:
    package, data = close_with(tmp_path, "history: none")
    assert not (data / "history.bundle").exists()
    assert "git clone" not in (data.parent / "README.txt").read_text()
    assert run("verify", str(package))[0] == 0
    assert run("verify", str(package), "--rebuild")[0] == 4


def test_full_history_and_hidden_people_contradict_each_other(tmp_path: Path) -> None:
    world = make_world(tmp_path / "r")
    world.commit({"deedbox.yaml": f"{SETTINGS}closure: {{history: full, people: none}}\n"}, "Contradict")
    code, answer, _ = run("check", "-C", str(world.root))
    assert code == 1
    assert "wants full history" in str([one for one in answer["problems"] if one["file"] == "deedbox.yaml"])


# The texts.


def test_a_trimmed_people_file_keeps_the_others_as_they_are() -> None:
    trimmed = trim_people(PEOPLE.encode(), lambda id: id != "tess.alder", b"s")
    assert yaml.safe_load(trimmed)["people"] == yaml.safe_load(PEOPLE)["people"][:2]
    assert b"tess" not in trimmed
    assert trim_people(PEOPLE.encode(), lambda id: True, b"s") == PEOPLE.encode()


def test_a_change_of_what_is_left_out_still_is_a_change() -> None:
    others = PEOPLE.replace("Gardener", "Head gardener")
    assert trim_people(PEOPLE.encode(), "ada.moreau".__eq__, b"s") != trim_people(
        others.encode(), "ada.moreau".__eq__, b"s"
    )


@pytest.mark.parametrize(
    "text", ["", "people:", "- a", "people: {a", "\x80", "people: [1, {name: x}]", "people: " + "[" * 2000]
)
def test_people_files_that_are_none_leave_nobody(text: str) -> None:
    data = text.encode("latin-1")
    assert list_people(data) == ()
    assert b"x" not in trim_people(data, lambda id: False, b"s").partition(b"#")[0]


@pytest.mark.parametrize(
    "written", ["projects: [alder, mill]\n", "projects:\n  - alder  # first\n  - mill\n", "projects: [alder,\n mill]\n"]
)
def test_trimmed_settings_name_one_project_and_keep_the_rest(written: str) -> None:
    text = f"# Head\nname: M\n{written}output: build\n"
    trimmed = trim_projects(text.encode(), "mill", b"s")
    assert yaml.safe_load(trimmed) == {"name": "M", "projects": ["mill"], "output": "build"}
    assert b"alder" not in trimmed
    assert trimmed.startswith(b"# Head\n")
    assert trim_projects(b"name: M\n", "mill", b"s") == b"name: M\n"


def test_pseudonyms_know_ids_names_and_addresses_and_leave_other_words() -> None:
    people = list_people(PEOPLE.encode())
    hidden = Pseudonyms(people, [b"Someone Else <else@example.net> 1 +0000"], b"seed")
    text = hidden.hide(
        b"owner: ada.moreau\nby Ada Moreau <ada.moreau@example.org>, not ada.moreaus or xada.moreau"
    ).decode()
    number = re.search(r"person-(\d+)", text)
    assert number is not None
    assert text == (
        f"owner: person-{number[1]}\nby Person {number[1]} <person-{number[1]}@example.invalid>, "
        "not ada.moreaus or xada.moreau"
    )
    assert (
        hidden.hide("Für Moreau’s Rad, Ada!".encode()).decode() == f"Für Person {number[1]}’s Rad, Person {number[1]}!"
    )
    line = hidden.hide_author(b"ADA MOREAU <other@example.net> 1790000000 +0200").decode()
    assert line == f"Person {number[1]} <person-{number[1]}@example.invalid> 1790000000 +0200"
    assert b"else" not in hidden.hide_author(b"Someone Else <else@example.net> 5 +0000")
    message = hidden.hide_message(
        b"Fix\n\nApproved-by: Jon Weir <jon.weir@example.org>\nReviewed-by: A Stranger <s@t.example>"
    )
    assert not re.search(b"Jon|Weir|Stranger|t.example", message)


PARTS = [Person("ada.moreau", "Ada Moreau"), Person("bo.hill", "Bo van der Hill"), Person("agnes", "Ágnes Moreau-Öz")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Moreau", "Person"),  # two people have it
        ("Öz and OZ said so", "{agnes} and {agnes} said so"),
        ("ÁGNES MOREAU-ÖZ", "{agnes}"),
        ("Mr Hill, B. Hill, X. Hill", "Mr {hill}, {hill}, X. {hill}"),
        ("uphill, Hillside, hill, Hills", "uphill, Hillside, hill, Hills"),
        ("van der Hill, Van Der", "van der {hill}, Van Der"),
        ("Hill Hill's (Hill)", "{hill}'s ({hill})"),
        ("owner: agnes", "owner: {id}"),
        ("Plan B. Hill came", "Plan {hill} came"),
    ],
)
def test_parts_of_names_count_where_they_are_written_as_names(text: str, expected: str) -> None:
    hidden = Pseudonyms(PARTS, (), b"seed")
    names = {one.id.partition(".")[2] or one.id: hidden.make_fields(one)["name"] for one in PARTS}
    id = hidden.make_fields(PARTS[2])["id"]
    assert hidden.hide(text.encode()).decode() == expected.format(**names, id=id)


def test_months_and_ordinary_words_stay() -> None:
    hidden = Pseudonyms([Person("a", "May Wood")], (), b"seed", find_ordinary("of wood", frozenset({"wood", "may"})))
    assert hidden.hide(b"Wood, in May") == b"Wood, in May"
    assert list(Pseudonyms([Person("a", "May Wood")], (), b"").find_left("wood")) == [(1, "wood")]
    assert list(hidden.find_left("Wood, in May\nwood")) == [(1, "Wood")]
    assert find_ordinary("wood.jpg a/wood wood@x Wood wood-", frozenset({"wood"})) == frozenset()


def test_two_files_never_get_one_name() -> None:
    people = [Person("a", "Ann Holm"), Person("b", "Bea Holm")]
    hidden = Pseudonyms(people, (), b"seed", (), ["holm.md", "Holm.md", "person.md", "b-ann.png", "wood.md"])
    assert set(hidden.files) >= {"holm.md", "Holm.md", "b-ann.png"}
    assert "wood.md" not in hidden.files
    new = [hidden.files[name] for name in ("holm.md", "Holm.md")]
    assert len({*new, "person.md"}) == 3
    assert (
        hidden.hide(b"![](img/holm.md) ![](b-ann.png)")
        == f"![](img/{new[0]}) ![]({hidden.files['b-ann.png']})".encode()
    )
