"""Take a commit, a name and a message; write an annotated tag, signed where Git is set up to sign; give its id."""

from __future__ import annotations

from pipeline.problems import SOURCES_WRONG, Problem, Stop
from pipeline.sources.git import repository as git


def wants_signature(folder: git.Repository) -> bool:
    """Return whether tags are to be signed: what `tag.gpgSign` says, else whether a signing key is set."""
    said = _read_setting(folder, "--type=bool", "tag.gpgSign")
    return said == "true" if said else bool(_read_setting(folder, "user.signingKey"))


def save_tag(folder: git.Repository, name: str, commit: str, message: str, *, sign: bool) -> str:
    """Write an annotated tag and return its id; Stop where it exists, or where Git cannot make or sign it."""
    kind = "--sign" if sign else "--no-sign"
    words = ("tag", "--annotate", kind, "--cleanup=verbatim", "--file=-", "--end-of-options", name, commit)
    code, _, errors = git.ask(folder, *words, standard_input=message.encode("utf-8", "surrogateescape"))
    made = "" if code else git.find_tag(folder, name)
    if not made or (sign and not _is_signed(folder, made)):
        if made:
            # Git 2.39 tells of a key that it cannot read, and writes the tag without a signature all the same.
            git.run(folder, "update-ref", "-d", f"refs/tags/{name}", made)
        raise _make_stop(name, errors, sign)
    return made


def _is_signed(folder: git.Repository, object: str) -> bool:
    return b"\n-----BEGIN " in git.run(folder, "cat-file", "tag", object)


def _make_stop(name: str, errors: str, sign: bool) -> Stop:
    hint = "tell Git who you are (user.name, user.email)" + (" and check its signing key" if sign else "")
    first = next(iter(errors.splitlines()), "no reason given").removeprefix("fatal: ").removeprefix("error: ")
    problem = Problem("DB484", f"Git could not write the tag `{name}`: {first}", hint=hint)
    return Stop(problem, exit_code=SOURCES_WRONG)


def _read_setting(folder: git.Repository, *words: str) -> str:
    code, output, _ = git.ask(folder, "config", *words[:-1], "--get", words[-1])
    return "" if code else output.decode("utf-8", "replace").strip()
