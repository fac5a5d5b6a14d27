"""Take a page's address; open it in a real browser without a window; ask it things through the pipe that it gives."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATIENCE = 60.0
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-dev-shm-usage", "--window-size=1000,700", "--remote-debugging-pipe",
)  # fmt: skip


_START = """
import os, sys
os.dup2(int(sys.argv[1]), 3), os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""


def _pipe() -> tuple[int, int]:
    """Return a pipe whose ends have high numbers: the browser wants its own at 3 and 4."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends)
    for end in ends:
        os.close(end)
    return high[0], high[1]


class Browser:
    """A running browser with one page."""

    def __init__(self, folder: Path) -> None:
        assert CHROMIUM
        there, self._to = _pipe()
        self._from, back = _pipe()
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, str(there), str(back), *command],
            pass_fds=(there, back),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(there)
        os.close(back)
        self._number = 0
        self._rest = b""
        self.messages: list[dict[str, Any]] = []
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **facts: Any) -> dict[str, Any]:
        """Return the answer of the page to a command of the DevTools protocol."""
        return self._ask(method, session=self._session, **facts)

    def open(self, url: str) -> None:
        """Go to an address."""
        self.ask("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """Return the value of an expression, evaluated in the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_for(self, script: str) -> None:
        """Wait until an expression is true in the page; one that fails is not true yet."""
        end = time.monotonic() + PATIENCE
        while (
            self.ask("Runtime.evaluate", expression=f"!!({script})", returnByValue=True)["result"].get("value")
            is not True
        ):
            assert time.monotonic() < end, f"never so: {script}; {self.errors()}"
            time.sleep(0.05)

    def errors(self) -> list[str]:
        """Return what the browser complained of: broken scripts, what a policy has blocked."""
        entries = [one["params"]["entry"] for one in self.messages if one.get("method") == "Log.entryAdded"]
        thrown = [str(one["params"]) for one in self.messages if one.get("method") == "Runtime.exceptionThrown"]
        return [f"{one['text']} {one.get('url', '')}" for one in entries if one["level"] == "error"] + thrown

    def close(self) -> None:
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def _ask(self, method: str, session: str = "", **facts: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": facts, **({"sessionId": session} if session else {})}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        answer = self._read(lambda one: one.get("id") == self._number)
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _read(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            while b"\0" not in self._rest:
                data = os.read(self._from, 1 << 16)
                assert data, "the browser has ended"
                self._rest += data
            line, _, self._rest = self._rest.partition(b"\0")
            message: dict[str, Any] = json.loads(line)
            if wanted(message):
                return message
            self.messages.append(message)
