"""Take a watched office and a number; edit, rename, switch and break at random for a while; tell what it cost.

The number is the seed of all that happens. Every so often it waits until the outputs are those of a clean build.
"""

from __future__ import annotations

import random  # noqa: TID251 (seeded, so that a failure can be had again)
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from papers_world import BUDGET, CHARTER, NOTES, World
from watcher import Watcher, wait_until

from pipeline.archive.store import find_store

BETWEEN_LOOKS = 25  # changes


@dataclass(frozen=True)
class Cost:
    """What a watcher holds after so many builds: open descriptors, memory in MB."""

    seconds: float
    builds: int
    descriptors: int
    memory: float


@dataclass
class Soak:
    """A world under watch, and somebody who works in it."""

    world: World
    watcher: Watcher
    chance: random.Random
    torn: list[str] = field(default_factory=list)
    changes: int = 0

    def run(self, seconds: float, report: Callable[[Cost], None] = lambda cost: None) -> tuple[Cost, ...]:
        """Return what it cost, looked at each time all was right."""
        begun, costs, end = time.monotonic(), [], Event()
        reader = Thread(target=self._read_pages, args=(end,))
        reader.start()
        try:
            while time.monotonic() - begun < seconds or len(costs) < 2:
                for _ in range(BETWEEN_LOOKS):
                    self._change()
                    time.sleep(self.chance.choice((0, 0, 0.01, 0.1, 0.4, 1.0)))
                self._mend()
                self.watcher.wait_until_right()
                costs.append(self.measure(time.monotonic() - begun))
                report(costs[-1])
        finally:
            end.set()
            reader.join()
        return tuple(costs)

    def measure(self, seconds: float) -> Cost:
        """Return what the watcher holds now, when no command of Git runs any more; none may be left for ever."""
        pid = self.watcher.process.pid
        wait_until(lambda: count_children(pid) == 0)
        status = Path(f"/proc/{pid}/status").read_text()
        memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return Cost(seconds, len(self.watcher.builds), descriptors, memory / 1024)

    def _change(self) -> None:
        self.changes += 1
        try:
            self.chance.choice(_CHANGES)(self)
        except (OSError, subprocess.CalledProcessError):
            # What a change wants to work on may be on another branch.
            return

    def _mend(self) -> None:
        """Leave sources that can be built."""
        for project in ("atlas", "beacon"):
            self.world.write({f"{project}/budget.yaml": BUDGET})

    def _read_pages(self, end: Event) -> None:
        """Read what a reader would see, all the time: no page is ever torn."""
        while not end.wait(0.01):
            # Files and folders come and go while they are listed.
            with suppress(FileNotFoundError):
                for path in (self.world.root / "build").glob("*/*.html"):
                    if not path.read_bytes().endswith(b"</html>\n"):
                        self.torn.append(path.name)

    # What somebody does.

    def note(self) -> None:
        """Write a note, or write it anew."""
        name = f"{self.chance.choice(('atlas', 'beacon'))}/documents/n{self.chance.randrange(4)}.md"
        self.world.write({name: NOTES.format(name=f"Change {self.changes}")})

    def charter(self) -> None:
        """Change the charter."""
        self.world.write({"atlas/charter.md": CHARTER.replace("Text of approach.", f"Approach {self.changes}.")})

    def swap(self) -> None:
        """Save a note as an editor does, by way of another file."""
        file = self.world.root / "atlas/documents/notes.md"
        new = file.with_name("notes.md.tmp")
        new.write_text(NOTES.format(name=f"Swap {self.changes}"))
        new.replace(file)

    def remove(self) -> None:
        """Remove a note."""
        (self.world.root / f"atlas/documents/n{self.chance.randrange(4)}.md").unlink()

    def rename(self) -> None:
        """Rename a folder of notes, there or back."""
        folder = self.world.root / "atlas/documents"
        one, two = folder / "deep", folder / "far"
        source, target = (one, two) if one.exists() else (two, one)
        if not source.exists():
            self.world.write({"atlas/documents/deep/down/memo.md": f"# Memo {self.changes}\n"})
        else:
            source.rename(target)

    def spoil(self) -> None:
        """Break a file, which is mended later."""
        self.world.write({"atlas/budget.yaml": "lines: [\n"})

    def mend(self) -> None:
        """Mend it, with another figure."""
        self.world.write({"atlas/budget.yaml": BUDGET.replace("1000", str(self.chance.randrange(1000, 9999)))})

    def commit(self) -> None:
        """Commit all."""
        self.world.commit(f"Change {self.changes}")

    def switch(self) -> None:
        """Switch to the other branch, made when it is first wanted; what is not committed is committed before."""
        self.world.commit(f"Change {self.changes}")
        name = self.chance.choice(("main", "side"))
        if not self.world.git("branch", "--list", name):
            self.world.git("branch", name)
        self.world.git("checkout", "--quiet", name)

    def rebase(self) -> None:
        """Put this branch on top of the other one, or give it up."""
        self.world.commit(f"Change {self.changes}")
        self.world.git("rebase", "--quiet", "-X", "theirs", "main", check=False)
        self.world.git("rebase", "--abort", check=False)

    def reset(self) -> None:
        """Take back what was not committed."""
        self.world.git("reset", "--quiet", "--hard")

    def lose(self) -> None:
        """Lose an output, and what builds keep."""
        store = find_store(self.world.root)
        assert store is not None
        shutil.rmtree(store / "files", ignore_errors=True)
        (self.world.root / "build/atlas/charter.html").unlink()


_CHANGES = (
    *(Soak.note,) * 6, *(Soak.charter,) * 4, *(Soak.swap,) * 3, Soak.remove, *(Soak.rename,) * 2, Soak.spoil,
    Soak.mend, *(Soak.commit,) * 2, *(Soak.switch,) * 2, Soak.rebase, Soak.reset, Soak.lose,
)  # fmt: skip


def count_children(pid: int) -> int:
    """Return how many commands of Git a process has started that still run, and how many children died unnoticed."""
    words = ["ps", "-o", "stat=,comm=", "--ppid", str(pid)]
    found = subprocess.run(words, capture_output=True, text=True, check=False).stdout.splitlines()
    return sum(line.startswith("Z") or "git" in line for line in found)
