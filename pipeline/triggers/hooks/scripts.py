"""Take the command that starts Deedbox; put it into the text of a hook, in plain sh; tell our hooks from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

KEPT = ".before-deedbox"  # what a hook is called that stood there before ours; ours runs it first
MARK = "# Made by `deedbox hooks install`"
_LONGEST = 400  # bytes: the mark is on the second line

_HEAD = f"""#!/bin/sh
{MARK}; `deedbox hooks uninstall` takes it away again. @SAYS@
# A hook that was here before is beside this one, as @NAME@{KEPT}, and runs first.
python=@PYTHON@
kept="${{0%/*}}/@NAME@{KEPT}"
"""

# A folder without the word `wait` in its settings surely does not ask for it, and costs no Python before Git goes on.
_AFTER = """code=0
[ ! -x "$kept" ] || "$kept" "$@" || code=$?
@ONLY@
build() {
    home=$(git rev-parse --git-common-dir 2>/dev/null)/deedbox
    [ -f "$home/roots" ] || return 0
    if [ ! -x "$python" ]; then
        echo "deedbox: nothing is built: there is no $python any more; run: deedbox hooks install" >&2
        return 0
    fi
    while IFS= read -r root; do
        [ -f "./$root/deedbox.yaml" ] || continue
        if grep -q wait "./$root/deedbox.yaml"; then
            "$python" @START@ -C "./$root" hooks run --decide </dev/null
        else
            (trap '' HUP INT; exec "$python" @START@ -C "./$root" hooks run </dev/null >>"$home/log" 2>&1) &
        fi
    done <"$home/roots"
}

build || :
exit $code
"""

_PRE_RECEIVE = """pushed=$(cat)
if [ -x "$kept" ]; then
    printf '%s\\n' "$pushed" | "$kept" "$@" || exit $?
fi
if [ ! -x "$python" ]; then
    echo "deedbox: nothing is checked: there is no $python any more; run: deedbox hooks install --bare" >&2
    exit 0
fi
printf '%s\\n' "$pushed" | "$python" @START@ hooks receive
code=$?
# 1 says that sources are wrong. Whatever else stops the check stops nobody's push.
[ $code -ne 1 ] || exit 1
[ $code -eq 0 ] || echo "deedbox: the check ended with $code and the push goes on" >&2
exit 0
"""

_POST_RECEIVE = """code=0
[ ! -x "$kept" ] || "$kept" "$@" || code=$?
if [ -x "$python" ]; then
    mkdir -p deedbox
    (trap '' HUP INT; exec "$python" @START@ reconcile --background </dev/null >>deedbox/log 2>&1) &
else
    echo "deedbox: nothing is built: there is no $python any more; run: deedbox hooks install --bare" >&2
fi
exit $code
"""

_STARTS = "It starts a build and never stops Git."
_CHECKS = "It refuses pushes with wrong sources."
_NOT_FOR_FILES = '[ "$3" != 0 ] || exit $code  # only files were checked out, no branch\n'


@dataclass(frozen=True, slots=True)
class Script:
    """A hook of ours: its name in Git, what it says of itself, what it does after its head."""

    name: str
    says: str
    body: str

    def make(self, command: Sequence[str]) -> bytes:
        """Return the text of the hook for the command that starts Deedbox: the path of a Python, and words for it."""
        python, *start = map(quote, command)
        words = {"@NAME@": self.name, "@SAYS@": self.says, "@PYTHON@": python, "@START@": " ".join(start)}
        text = _HEAD + self.body
        for sign, word in words.items():
            text = text.replace(sign, word)
        return text.encode("utf-8", "surrogateescape")


def _after(name: str, only: str = "") -> Script:
    return Script(name, _STARTS, _AFTER.replace("@ONLY@\n", only))


WORK_HOOKS = (
    _after("post-commit"),
    _after("post-merge"),
    _after("post-checkout", _NOT_FOR_FILES),
    _after("post-rewrite"),
)
BARE_HOOKS = (Script("pre-receive", _CHECKS, _PRE_RECEIVE), Script("post-receive", _STARTS, _POST_RECEIVE))


def is_ours(path: Path) -> bool:
    """Return whether a plain file with our mark stands at this path."""
    try:
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return MARK.encode() in file.read(_LONGEST)
    except OSError:
        return False
