"""Take the bytes of a tag manifest and a key; have `ssh-keygen` sign them; give the signature."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pipeline.problems import MACHINE_LACKS, USAGE, Problem, Stop
from pipeline.processes.children import NEUTRAL, find_program, make_environment

NAMESPACE = "deedbox-closure"  # a signature for one purpose is no signature for another
PROGRAM = "ssh-keygen"
_KEPT = (
    "DISPLAY",
    "SSH_AGENT_PID",
    "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE",
    "SSH_AUTH_SOCK",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
)
_LONGEST = 120  # seconds: somebody may have to touch a token


def find_key(root: Path, key: str) -> Path:
    """Return the path of a key that the host or a person names: a whole path, or one from `root` on; Stop if none."""
    path = root / Path(key).expanduser()
    if not path.is_file():
        hint = "mend `closure: key` in the host's settings, name another with --key, or close with --unsigned"
        raise Stop(Problem("DB507", f"there is no key {path}", hint=hint), exit_code=USAGE)
    return path.resolve()


def sign(key: Path, data: bytes) -> bytes:
    """Return the signature over some bytes (`ssh-keygen -Y sign`); Stop where the key does not give one.

    Nothing is asked: a key with a passphrase has to be in an agent, and `key` is then its public half.
    """
    done = run_keygen("-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE, data=data)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        hint = "a key with a passphrase has to be in ssh-agent: name its public half, or close with --unsigned"
        raise Stop(Problem("DB507", f"{key} does not sign: {said[-1] if said else 'no reason given'}", hint=hint))
    return done.stdout


def run_keygen(*words: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Return what ssh-keygen answers; Stop (exit 4) where it is not installed. Paths among the words are full ones."""
    program = find_program(PROGRAM)
    if program is None:
        hint = "install OpenSSH; signatures can be neither made nor checked without it"
        raise Stop(Problem("DB507", "ssh-keygen is not installed", hint=hint), exit_code=MACHINE_LACKS)
    try:
        return subprocess.run(
            (program, *words), input=data, capture_output=True, check=False, start_new_session=True,
            cwd=NEUTRAL, env=make_environment(_KEPT, LC_ALL="C"), timeout=_LONGEST,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        hint = "is the key on a token that waits to be touched, or a file that never ends?"
        raise Stop(Problem("DB507", f"ssh-keygen did not answer within {_LONGEST} seconds", hint=hint)) from None
