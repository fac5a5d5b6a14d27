"""Take a watched office; do to it what editors, Git, kernels and disks do; check that in the end all is right."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from papers_world import NOTES, World
from watcher import Watcher, list_workers, wait_until

from pipeline.archive.lock import lock_folder
from pipeline.archive.store import find_store

NOTE = "atlas/documents/notes.md"
OVERFLOW = Path("/proc/sys/fs/inotify/max_queued_events")


def text(word: str) -> str:
    return NOTES.format(name=word)


# Saves, as programs do them.


def save_as_vim(file: Path, content: str) -> None:
    swap, probe, backup = (file.with_name(name) for name in (f".{file.name}.swp", "4913", f"{file.name}~"))
    swap.write_text("swap")
    probe.touch()
    probe.unlink()
    file.rename(backup)
    file.write_text(content)
    backup.unlink()
    swap.unlink()


def save_as_emacs(file: Path, content: str) -> None:
    lock, unsaved, backup = (file.with_name(name) for name in (f".#{file.name}", f"#{file.name}#", f"{file.name}~"))
    lock.symlink_to("somebody@machine.1234:1700000000")
    unsaved.write_text(content)
    shutil.copy2(file, backup)
    file.write_text(content)
    unsaved.unlink()
    lock.unlink()


def save_as_code(file: Path, content: str) -> None:
    with file.open("r+") as open_file:
        open_file.truncate(0)
        time.sleep(0.05)
        open_file.write(content)
        os.fsync(open_file.fileno())


def save_as_office(file: Path, content: str) -> None:
    lock, made = file.with_name(f".~lock.{file.name}#"), file.with_name("lu1234abcd.tmp")
    lock.write_text("somebody")
    made.write_text(content)
    made.rename(file)
    lock.unlink()


def save_in_pieces(file: Path, content: str) -> None:
    with file.open("w") as open_file:
        for start in range(0, len(content), 20):
            open_file.write(content[start : start + 20])
            open_file.flush()
            time.sleep(0.05)


def save_and_set_the_time_back(file: Path, content: str) -> None:
    before = file.stat()
    file.write_text(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


SAVES = (save_as_vim, save_as_emacs, save_as_code, save_as_office, save_in_pieces, save_and_set_the_time_back)


def test_saves_of_every_program_are_built(world, watching):
    watcher = watching()
    for save in SAVES:
        told = len(watcher.events)
        save(world.root / NOTE, text(save.__name__))
        watcher.wait_until_right()
        assert save.__name__.encode() in world.outputs()["atlas/documents/notes.html"]
        built = watcher.wait_for_build(since=told, changed=[NOTE])
        assert not [one for one in built["problems"] if one["code"] == "DB105"], "a lock of Emacs is no source"
    assert {path for one in watcher.builds for path in one["changed"]} == {NOTE}


@pytest.mark.skipif(not shutil.which("vim"), reason="vim is not installed")
def test_a_save_of_vim_itself_is_built(world, watching):
    watcher = watching()
    commands = ["-c", "set backup writebackup", "-c", "%s/Word/Words/", "-c", "wq"]
    subprocess.run(["vim", "-Nu", "NONE", "-es", *commands, str(world.root / NOTE)], check=True, timeout=60)
    watcher.wait_until_right()
    assert b"Words of Atlas" in world.outputs()["atlas/documents/notes.html"]


# What moves much at once, or while a build is under way.


@pytest.mark.soak
def test_a_checkout_of_ten_thousand_files_ends_with_the_right_documents(world, watching):
    files = "".join(f"M 100644 inline data/{n % 100:02}/{n:05}.txt\ndata 6\n{n:05}\n\n" for n in range(10_000))
    note = text("Many")
    stream = (
        f"commit refs/heads/many\ncommitter a <a@b.org> 1767700000 +0000\ndata 4\nMany\nfrom refs/heads/main\n{files}"
    )
    stream += f"M 100644 inline {NOTE}\ndata {len(note)}\n{note}\n"
    subprocess.run(["git", "-C", str(world.root), "fast-import", "--quiet"], input=stream.encode(), check=True)
    watcher = watching()
    world.git("checkout", "--quiet", "many")
    watcher.wait_until_right()
    world.git("checkout", "--quiet", "main")
    world.write({NOTE: text("After")})
    watcher.wait_until_right()


@pytest.mark.skipif(not OVERFLOW.exists(), reason="no inotify here")
def test_an_overflow_of_the_queue_is_made_good(world, watching):
    watcher = watching()
    watcher.wait_until_right()
    watcher.send(signal.SIGSTOP)
    one, two = world.root / "one.tmp", world.root / "two.tmp"
    for _ in range(int(OVERFLOW.read_text()) // 2):
        one.touch()
        two.touch()
    # The queue is full: of this the kernel tells nobody.
    world.write({"atlas/documents/lost/memo.md": "# Lost\n\nOne.\n", NOTE: text("Lost")})
    watcher.send(signal.SIGCONT)
    watcher.wait_until_right()
    world.write({"atlas/documents/lost/memo.md": "# Lost\n\nTwo.\n"})
    watcher.wait_until_right()
    assert watcher.events[0]["mode"] == "events"


def test_what_is_saved_while_a_build_is_under_way_is_built_next(world, watching):
    watcher = watching()
    watcher.wait_until_right()
    with lock_folder(world.root / "build", lambda words: None):
        world.write({NOTE: text("First")})
        wait_until(lambda: any("waiting" in line for line in watcher.errors) or _is_waiting(watcher))
        world.write({NOTE: text("Second")})
    watcher.wait_until_right()


def _is_waiting(watcher: Watcher) -> bool:
    """Return whether the watcher waits for a lock, as the kernel lists it."""
    lines = Path("/proc/locks").read_text().splitlines()
    return any("->" in line and f" {watcher.process.pid} " in line for line in lines)


# Where the system does not tell.


def test_polling_follows_as_well(world, watching):
    watcher = watching("--poll")
    assert watcher.events[0]["mode"] == "polling"
    world.write({"atlas/documents/deep/memo.md": "# Memo\n"})
    watcher.wait_until_right()
    (world.root / "atlas/documents/deep").rename(world.root / "atlas/documents/far")
    watcher.wait_until_right()


DEAF = """
import sys, pipeline.triggers.watch.notify as notify
from watchdog.observers.api import BaseObserver, EventEmitter
class Deaf(EventEmitter):
    def run(self):
        self.stopped_event.wait()
notify.Observer = lambda: BaseObserver(Deaf)
from pipeline.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_where_no_events_arrive_it_looks_and_says_so(world, watching):
    watcher = watching(script=DEAF)
    noticed = watcher.wait_for(lambda one: one["event"] == "noticed")
    assert noticed["problem"]["code"] == "DB443"
    assert "no event comes" in noticed["problem"]["message"]
    world.write({NOTE: text("Unheard")})
    watcher.wait_until_right()


def _limit(number: int) -> list[str]:
    """Return the words that start a program in which the kernel gives so many watches; skip where that cannot be."""
    words = ["unshare", "--user", "--map-root-user", "sh", "-c"]
    words += [f'echo {number} > /proc/sys/user/max_inotify_watches && exec "$@"', "sh"]
    if not shutil.which("unshare") or subprocess.run([*words, "true"], capture_output=True, check=False).returncode:
        pytest.skip("user namespaces are not allowed here")
    return words


@pytest.mark.parametrize("number", [0, 3, 20])
def test_where_the_watches_run_out_it_looks_and_says_so(world, watching, number):
    watcher = watching(before=_limit(number))
    if number > 3:
        # Enough for a start; folders that come later are not watched.
        for name in range(number):
            world.write({f"atlas/documents/n{name}/memo.md": f"# Memo {name}\n"})
    noticed = watcher.wait_for(lambda one: one["event"] == "noticed")
    assert (noticed["problem"]["code"], noticed["problem"]["severity"]) == ("DB443", "warning")
    assert "watches" in noticed["problem"]["message"]
    world.write({"atlas/documents/deep/down/memo.md": "# Memo\n"})
    watcher.wait_until_right()


# What dies, and what refuses.


def test_a_killed_watcher_leaves_nothing_torn_and_the_next_goes_on(world, watching):
    for number in range(4):
        watcher = watching(ready=number == 0)
        world.write({NOTE: text(f"Kill {number}"), f"atlas/documents/n{number}.md": f"# Note {number}\n"})
        time.sleep(0.3 * number)
        watcher.kill()
        pages = [data for name, data in world.outputs().items() if name.endswith(".html") and ".stage" not in name]
        assert all(page.endswith(b"</html>\n") for page in pages)
    watching().wait_until_right()


def test_a_killed_worker_is_replaced_and_its_document_made(world, watching):
    world.write({"deedbox.yaml": "schema_version: 1\nname: Sample office\nformats: [pdf]\n"})
    watcher = watching(DEEDBOX_LIMITS="")
    for number in range(2):
        world.write({NOTE: text(f"Killed {number}") + "Many words. " * 500})
        end = time.monotonic() + 2
        while time.monotonic() < end:
            for worker in list_workers(watcher.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            time.sleep(0.02)
    watcher.wait_until_right()


def test_a_full_disk_is_told_and_made_good_when_there_is_room_again(world, watching):
    watcher = watching()
    pid, before = watcher.process.pid, world.outputs()
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4000, hard))
    world.write({NOTE: text("Full") + "Many words. " * 1000})
    told = watcher.wait_for_build(exit_code=4)
    assert [one["code"] for one in told["problems"]][-1:] == ["DB511"]
    assert world.outputs()["atlas/documents/notes.html"] == before["atlas/documents/notes.html"]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    watcher.wait_until_right()


def _without_privilege() -> list[str]:
    """Return the words that start a program to which the rights of files apply, even if it is root's."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and there is no setpriv")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.soak
def test_a_folder_that_cannot_be_written_is_told_and_made_good_when_it_can(world, watching):
    watcher = watching(before=_without_privilege())
    folders = (world.root / "build", *(path for path in (world.root / "build").rglob("*") if path.is_dir()))

    def change(mode: int) -> None:
        for folder in folders:
            folder.chmod(mode)

    change(0o555)
    try:
        world.write({NOTE: text("Read-only")})
        told = watcher.wait_for_build(exit_code=4)
        assert "DB510" in [one["code"] for one in told["problems"]]
    finally:
        change(0o755)
    watcher.wait_until_right()


def test_a_spoilt_store_and_lost_outputs_are_made_good(world: World, watching: Callable[..., Watcher]) -> None:
    watcher = watching()
    watcher.wait_until_right()
    (world.root / "build/atlas/charter.html").unlink()
    watcher.wait_until_right()
    (world.root / "build/atlas/charter.html").write_text("edited")
    store = find_store(world.root)
    assert store is not None
    shutil.rmtree(store, ignore_errors=True)  # what the watch takes away itself meanwhile is no fault
    shutil.rmtree(store, ignore_errors=True)
    world.write({NOTE: text("Anew")})
    watcher.wait_until_right()
