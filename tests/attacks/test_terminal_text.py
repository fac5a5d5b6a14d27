"""Take repositories full of hostile names; run every command on them; no character that steers comes out anywhere."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import traceback
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_world import STEERS, TURNS, World, make_good, spoil

from pipeline.cli import main
from pipeline.cli.commands import COMMANDS
from pipeline.cli.crash import save_traceback
from pipeline.problems import Place, Problem
from pipeline.streams import guarded_streams
from pipeline.triggers.hooks.builder import describe
from pipeline.triggers.hooks.child import Built
from pipeline.triggers.hooks.disk import append_log
from pipeline.visible import show, show_json, show_lines

Said = pytest.CaptureFixture[str]
# Each command of Deedbox on a good repository; REST are the words that it wants besides.
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "init": (("init", f"new{TURNS}", "--yes"),),
    "build": (("build",), ("build",), ("build", "-n", "-v", "--force"), ("build", f"mill/{TURNS}")),
    "watch": (("watch", "--once"),),
    "check": (("check",), ("check", "--rev", f"main-{TURNS[:3]}"), ("check", "--rev", f"no{STEERS}")),
    "hooks": (("hooks", "install"), ("hooks", "status"), ("hooks", "uninstall")),
    "status": (("status",),),
    "reconcile": (("reconcile",), ("reconcile", f"no{STEERS}"), ("status",)),
    "serve": (("serve", "--webhook"),),
    "figures": (("figures", "mill", "-v"), ("figures", f"mil{TURNS}l"), ("figures", "mill", f"cpi{STEERS}")),
    "why": (("why", "mill/*", "-v"), ("why", f"mill/{STEERS}")),
    "history": (("history", "mill/*"), ("history", f"mill/{STEERS}")),
    "baseline": (
        ("baseline", "create", "mill/one", "-m", f"Agreed{TURNS}"),
        ("baseline", "list"),
        ("baseline", "show", "mill/one"),
        ("baseline", "diff", "mill/one"),
        ("baseline", "verify"),
    ),
    "close": (
        ("close", "mill", "-o", "out"),
        ("close", "mill", "-o", "out", "--waive", "problems", "--reason", f"Why{TURNS}"),
    ),
    "verify": (("verify", "mill.zip"), ("verify", f"no{TURNS}.zip")),
    "ledger": (("ledger", "record"), ("ledger", "show"), ("ledger", "prove", "0"), ("ledger", "verify")),
    "schema": (("schema",), ("schema", "project"), ("schema", STEERS)),
    "doctor": (("doctor",),),
    "clean": (("clean",),),
}


@pytest.fixture(scope="module", autouse=True)
def machine(pytestconfig: pytest.Config) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEDBOX_LIMITS", "off")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", f"Me{TURNS}")
            patch.setenv(f"GIT_{role}_EMAIL", "me@example.org")
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        yield


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_good(tmp_path_factory.mktemp("good") / "papers")


def find_raw(text: str) -> list[str]:
    """Return the characters that steer, turn or hide text, by their numbers."""
    allowed = {"\n", "\t"}
    kinds = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return [
        ascii(char)
        for char in text
        if char not in allowed and (unicodedata.category(char) in kinds or char == "\ufe0f")
    ]


def run(words: tuple[str, ...], root: Path, said: Said, format: str) -> str:
    """Run a command in this process; hold what it said against the rule; return it."""
    said.readouterr()
    json_word = "jsonl" if words[0] == "watch" and format == "json" else format
    code = main([*words, "-C", str(root), *(["--format", json_word] if format != "plain" else [])])
    out, err = said.readouterr()
    assert code != 3, (words, err)
    assert find_raw(out) == [], (words, format, out)
    assert find_raw(err) == [], (words, format, err)
    assert not any(line.startswith("error DB000: forged") for line in (out + err).splitlines()), words
    if format == "json" and out:
        for document in out.splitlines() if json_word == "jsonl" else [out]:
            json.loads(document)
    return out + err


def test_every_command_is_walked() -> None:
    assert set(CALLS) == set(COMMANDS)


def test_no_command_prints_what_steers_a_terminal(good: World, capfd: Said) -> None:
    shown = {}
    for name, calls in CALLS.items():
        for words in calls:
            for format in ("plain", "json"):
                if name == "verify" and (package := next((good.root / "out").glob("*.zip"), None)):
                    package.rename(good.root / "mill.zip")
                shown[" ".join(words), format] = run(words, good.root, capfd, format)
    assert "\\u202e" in shown["status", "plain"]
    assert "\\ufe0f" in shown["history mill/*", "plain"]
    assert (good.root / "mill.zip").is_file(), shown[" ".join(CALLS["close"][1]), "plain"]


def test_the_second_build_says_what_the_first_said_and_no_more(good: World, capfd: Said) -> None:
    main(["clean", "-C", str(good.root)])
    first = run(("build",), good.root, capfd, "plain")
    second = run(("build",), good.root, capfd, "plain")
    assert [line for line in first.splitlines() if "warning" in line or "hint" in line] == second.splitlines()[:-1]
    assert "\\u202e" in second


def test_wrong_sources_are_quoted_without_harm(tmp_path: Path, capfd: Said) -> None:
    world = make_good(tmp_path / "papers")
    spoil(world)
    for words in (
        ("check",),
        ("build",),
        ("figures", "mill"),
        ("close", "mill"),
        ("baseline", "create", "mill/x", "-m", "x"),
    ):
        for format in ("plain", "json"):
            assert "DB" in run(words, world.root, capfd, format)


def test_colour_is_ours_alone(good: World, capfd: Said) -> None:
    capfd.readouterr()
    main(["check", "-C", str(good.root), "--color", "always"])
    out = capfd.readouterr().out
    assert find_raw(out.replace("\x1b[33m\x1b[1mwarning\x1b[0m", "")) == []


def test_the_log_of_the_hooks_shows_everything_on_the_line_where_it_belongs(tmp_path: Path) -> None:
    log = tmp_path / "log"
    problem = Problem("DB351", f"`{STEERS}{TURNS}`", Place(f"x{STEERS}.md", 1))
    append_log(log, describe(f"refs/heads/{TURNS}", "0" * 40, Built(1, (problem,))))
    text = log.read_text("utf-8")
    assert find_raw(text) == []
    assert len(text.splitlines()) == 2


def test_the_log_of_a_crash_shows_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEDBOX_CACHE", str(tmp_path))
    text = save_traceback(ValueError(f"no {STEERS[:20]}{TURNS}\udc80")).read_text("utf-8")
    assert find_raw(text) == []
    assert "ValueError: no \\x1b[31m" in text


def test_what_libraries_say_cannot_steer_either(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    with guarded_streams():
        logging.lastResort.handle(logging.makeLogRecord({"msg": f"{STEERS}{TURNS}", "levelno": logging.ERROR}))  # type: ignore[union-attr]
        traceback.print_exception(ValueError(f"{STEERS}{TURNS}"))
        sys.stderr.write(TURNS)
    assert sys.stderr is errors
    assert "\\x1b[31m" in errors.getvalue()
    assert find_raw(errors.getvalue()) == []


def test_json_keeps_the_data_and_shows_nothing_that_steers() -> None:
    value = {"name": f"{STEERS}{TURNS}\udc80\U000e0041é\u00a0x"}
    text = show_json(json.dumps(value, ensure_ascii=False, indent=2))
    assert find_raw(text) == []
    assert json.loads(text) == value
    assert "é" in text


def test_a_line_stays_a_line() -> None:
    assert show("a\nb\tc\x1b\u202e\ufe0f\U000e0041") == "a\\nb\\tc\\x1b\\u202e\\ufe0f\\U000e0041"
    assert show("Zoë 10\u00a0€ – 漢字") == "Zoë 10\u00a0€ – 漢字"
    assert show_lines("a\n\tb\r") == "a\n\tb\\r"
