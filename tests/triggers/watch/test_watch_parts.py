"""Take the parts of a watch, one by one; give them what seldom happens; check what each makes of it."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from watcher import HERE, wait_until

from pipeline.archive.manifest import FileEntry, Manifest, make_manifest
from pipeline.sources.editor_files import is_passing
from pipeline.triggers.watch.debounce import Debounce, Patience
from pipeline.triggers.watch.event_source import find_remote_kind
from pipeline.triggers.watch.events import Built
from pipeline.triggers.watch.focus import Focus
from pipeline.triggers.watch.notify import Alarm, count_folders, count_watches, make_observer, open_notifier
from pipeline.triggers.watch.places import Places
from pipeline.triggers.watch.wakeups import Wakeups

MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:30 / /mnt rw - tmpfs tmpfs rw
31 30 0:31 / /mnt/team\\040share rw - nfs4 server:/papers rw
32 22 0:32 / /host rw - 9p host rw
33 32 0:33 / /host rw - overlay overlay rw
34 22 0:34 / /mntx rw - cifs //server/x rw
"""


@pytest.mark.parametrize(("folder", "kind"), [
    ("/home/ada/papers", ""), ("/mnt/papers", ""), ("/mnt/team share/papers", "nfs4"), ("/host/papers", ""),
    ("/mntx/papers", "cifs"), ("/mntxy", ""),
])  # fmt: skip
def test_shared_file_systems_are_known_by_the_mount_that_lies_on_top(tmp_path, folder, kind):
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert find_remote_kind(Path(folder), mounts) == kind
    assert find_remote_kind(Path(folder), tmp_path / "no-such-file") == ""


def make_places(folder: Path) -> Places:
    git = folder / ".git"
    (git / "refs").mkdir(parents=True)
    return Places(folder, git, git, folder / "store")


def test_a_lock_that_was_left_behind_is_named_and_waited_for_once(tmp_path):
    told: list[Path] = []
    debounce = Debounce(Wakeups(), Patience(quiet=0.01, lock=0.2), told.append)
    places = make_places(tmp_path)
    lock = places.git_dir / "index.lock"
    lock.touch()
    debounce.wait(places)
    debounce.wait(places)
    assert told == [lock]
    # The next lock is another one.
    lock.unlink()
    (places.git_dir / "HEAD.lock").touch()
    Timer(0.05, (places.git_dir / "HEAD.lock").unlink).start()
    debounce.wait(places)
    assert told == [lock]


def test_quiet_is_waited_for_up_to_a_ceiling():
    wakeups = Wakeups()
    debounce = Debounce(wakeups, Patience(quiet=60.0, ceiling=0.1), lambda path: None)
    wakeups.give()
    debounce.wait(None)
    assert wakeups.read_age() >= 0.1
    wakeups.take()
    assert not wakeups.is_set
    assert not wakeups.wait(0.0)


MATTERS = ("atlas/charter.md", "builder.md", ".git/HEAD", ".git/refs/heads/main", ".git/index.lock", "atlas/tmp.md")
NOTHING = (
    "build/atlas/charter.pdf", ".deedbox/index", ".git/objects/aa/bb", ".git/logs/HEAD", "atlas/.charter.md.swp",
    "atlas/~$charter.docx", "atlas/charter.md~",
)  # fmt: skip


@pytest.mark.parametrize("path", [*MATTERS, *NOTHING])
def test_what_matters_is_told_by_the_path(tmp_path, path):
    places = make_places(tmp_path)
    assert places.matters(str(tmp_path / path), tmp_path / "build") == (path in MATTERS)


@pytest.mark.parametrize(
    "path", ["a/.#b.md", "#b.md#", "b.md~", "4913", ".b.md.swp", ".b.swx", "~$b.docx", ".~lock.b.odt#", "b.tmp"]
)
def test_files_of_editors_are_known_by_their_names(path):
    assert is_passing(path)
    assert not any(map(is_passing, ("b.md", "a~/b.md", "4913.md", "tmp", "b#.md", "swp")))


def test_what_watchdog_logs_of_an_overflow_is_a_hint_and_an_error_is_blindness():
    wakeups = Wakeups()
    alarm = Alarm(wakeups)
    logger = logging.getLogger("watchdog.observers.inotify_c")
    logging.getLogger("watchdog.observers").addHandler(alarm)
    try:
        logging.getLogger("watchdog.observers").propagate = False
        logger.warning("Inotify queue overflowed; filesystem events were lost")
        assert wakeups.is_set and not alarm.is_broken
        logger.error("Unable to rebuild recursive inotify watches below %r", b"/")
        assert alarm.is_broken
    finally:
        logging.getLogger("watchdog.observers").removeHandler(alarm)


def test_watches_are_counted_and_given_back(tmp_path):
    for number in range(5):
        (tmp_path / f"a{number}" / "b").mkdir(parents=True)
    if not Path("/proc/self/fdinfo").exists():
        pytest.skip("the kernel does not tell")
    before = count_watches() or 0
    wakeups = Wakeups()
    notifier = open_notifier(((tmp_path, True),), wakeups, lambda path: True, make_observer)
    assert count_watches() == before + 11 == before + count_folders((tmp_path, True))
    assert notifier.sees_all() and notifier.is_at(tmp_path, ((tmp_path, True),))
    (tmp_path / "a0" / "b" / "file").touch()
    wait_until(lambda: wakeups.is_set)
    notifier.close()
    assert (count_watches() or 0) == before
    assert not notifier.is_at(tmp_path, ((tmp_path, True),))


def test_documents_are_focused_on_where_few_are_made_from_what_changed(tmp_path):
    def entry(name: str, *sources: str, period: str = "") -> FileEntry:
        path = f"p/{name}{f'-{period}' if period else ''}.pdf"
        return FileEntry(path, "p", name, "pdf", "0", 1, period=period, sources=dict.fromkeys(sources, "0"))

    shared = [entry(f"documents/d{number}", "people.yaml") for number in range(5)]
    files = (entry("charter", "p/charter.md"), entry("report", "p/r.md", "p/b.yaml", period="2026-03"), *shared)
    (tmp_path / "manifest.json").write_bytes(make_manifest(Manifest("Deedbox", "0", files=files)))
    focus = Focus()
    assert focus.find(tmp_path, ["p/charter.md"]) == ("p/charter",)
    assert focus.find(tmp_path, ["p/b.yaml", "p/charter.md"]) == ("p/charter", "p/report-2026-03")
    assert Focus(("p/report",)).find(tmp_path, ["p/b.yaml"]) == ("p/report-2026-03",)
    assert Focus(("p/report",)).find(tmp_path, ["p/charter.md"]) == ()
    assert Focus(("q",)).find(tmp_path, ["p/charter.md"]) == ()
    assert focus.find(tmp_path, ["people.yaml"]) == ()
    assert focus.find(tmp_path, ["p/charter.md", "p/new.md"]) == ()
    assert focus.find(tmp_path, ["HEAD", "p/charter.md"]) == ()
    assert focus.find(tmp_path, []) == ()
    assert focus.find(tmp_path / "nothing", ["p/charter.md"]) == ()


def test_a_line_tells_few_documents_by_name_and_few_reasons():
    few = Built(0, written=("p/charter.docx", "p/charter.pdf", "index.html"), changed=("p/charter.md",))
    assert (few.say_what(), few.say_why()) == ("p/charter (docx, pdf)", "p/charter.md")
    many = Built(0, written=tuple(f"p/d{number}.pdf" for number in range(9)), changed=("a", "b", "c", "d"))
    assert (many.say_what(), many.say_why()) == ("9 documents", "a; b; and 2 more")


def test_the_server_is_loaded_only_where_something_is_served():
    modules = "pipeline.cli.watch, pipeline.triggers.watch.loop"
    code = f"import sys, {modules}; print(sorted({{'starlette', 'uvicorn'}} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
