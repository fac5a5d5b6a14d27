"""Take a package's signature and the keys that are trusted; have `ssh-keygen` check it; say whose it is."""

from __future__ import annotations

from pathlib import Path

from pipeline.archive.descent import write_new
from pipeline.closure.bag import SIGNATURE, TAG_MANIFEST
from pipeline.closure.sign import NAMESPACE, run_keygen
from pipeline.closure.verify.package import Package, read_data, read_text
from pipeline.problems import Place, Problem

WRONG = "DB518"
_LARGEST = 100_000  # bytes of a signature


def check_signature(package: Package, signers: Path | None, folder: Path) -> tuple[str, tuple[Problem, ...]]:
    """Return what to say of a signature, and what is wrong; without trusted keys, that it is one is all that shows.

    `signers` is a file of allowed signers (ssh-keygen(1)). A package without a signature is wrong only where there are.
    """
    if SIGNATURE not in package.files:
        wrong = Problem(WRONG, "is missing: the package is not signed", Place(SIGNATURE))
        return "not signed", (wrong,) if signers else ()
    file = folder.resolve() / "signature"
    write_new(file, read_text(package, SIGNATURE, _LARGEST).encode())
    signed = read_data(package, TAG_MANIFEST)
    common = ("-n", NAMESPACE, "-s", str(file))
    if signers is None:
        done = run_keygen("-Y", "check-novalidate", *common, data=signed)
        words = "signed, by a key that was not compared with any"
    else:
        who = run_keygen("-Y", "find-principals", "-s", str(file), "-f", str(signers.resolve()))
        name = next(iter(who.stdout.decode("utf-8", "replace").splitlines()), "")
        if who.returncode or not name:
            return "", (Problem(WRONG, f"is by none of the keys in {signers.name}", Place(SIGNATURE)),)
        done = run_keygen("-Y", "verify", "-f", str(signers.resolve()), "-I", name, *common, data=signed)
        words = f"signed by {name}"
    if done.returncode:
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else "no reason given"
        return "", (Problem(WRONG, f"does not fit {TAG_MANIFEST}: {reason}", Place(SIGNATURE)),)
    return words, ()
