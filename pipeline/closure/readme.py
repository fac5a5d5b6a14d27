"""Take what a package holds; tell a reader of later years what it is, and how to check it without us; give the text."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from pipeline.closure.sign import NAMESPACE

README = "README.txt"
_HEAD = Template(
    """$title: closure package
$line

This folder is what the project left when it closed on $closed: its documents, the records and sources that
they were made from, and what proves that none of it was changed since. Open index.html in a browser.

    data/documents/        every document as PDF (PDF/A), Word file and web page
    data/registers/        the lists of records, as CSV and JSON, with JSON Schemas
    data/sources/          the files that the documents were made from, as they were at closing
    data/closure.json      the rules that were checked, waivers, approvals, how long to keep this
    data/provenance.json   the commit, the programs and fonts that made the documents
    data/ledger.jsonl      one line for each file that was issued, tied together by a Merkle tree (RFC 6962)
$history
It is a BagIt bag (RFC 8493). Two lists hold the SHA-512 of every file: manifest-sha512.txt of those below data/,
tagmanifest-sha512.txt of the others, that list among them.


How to check it
---------------

With nothing of ours, in a terminal in this folder:

1. No file was changed, and none is missing. Both commands print nothing where all is well:

       sha512sum --check --quiet tagmanifest-sha512.txt
       sha512sum --check --quiet manifest-sha512.txt

2. No file was added. There are $count files below data/:

       find data -type f | wc -l
"""
)
_HISTORY = Template(
    """    data/history.bundle    the Git history$words
"""
)
_BUNDLE = Template(
    """
$number. The history is whole:

       git init --quiet ../check && git -C ../check bundle verify "$$PWD/data/history.bundle"
       git clone data/history.bundle ../history && git -C ../history fsck
"""
)
_SIGNED = Template(
    """
$number. The package was signed. You need the signer's public key from somewhere else than from here, in a file with one
   line `NAME KEY`, such as `registry@example.org ssh-ed25519 AAAA...`:

       ssh-keygen -Y verify -f allowed_signers -I NAME -n $namespace \\
           -s tagmanifest-sha512.txt.sig < tagmanifest-sha512.txt
"""
)
_UNSIGNED = Template(
    """
$number. The package is not signed. The lists tell of accidents, and of changes by who did not think of the lists; they
   cannot tell who made them. Compare the SHA-512 of tagmanifest-sha512.txt, or of the zip, with one that you got
   by another way.
"""
)
_DEEDBOX = """
With Deedbox, all of this and more, by one command (the folder will do as well as the zip):

       deedbox verify PACKAGE --signers allowed_signers
       deedbox verify PACKAGE --rebuild        makes the documents again and compares them
"""


def make_readme(facts: Mapping[str, str], *, bundle: str | None, signed: bool, rebuilds: bool) -> bytes:
    """Return the text; `bundle` says in words what the history holds, None that there is none."""
    history = _HISTORY.substitute(words=bundle) if bundle is not None else ""
    parts = [_HEAD.substitute(facts, history=history, line="=" * len(f"{facts['title']}: closure package"))]
    more = [*([_BUNDLE] if bundle is not None else []), _SIGNED if signed else _UNSIGNED]
    parts += [part.substitute(number=number, namespace=NAMESPACE) for number, part in enumerate(more, 3)]
    words = _DEEDBOX if rebuilds else "".join(line for line in _DEEDBOX.splitlines(True) if "--rebuild" not in line)
    return "".join([*parts, words]).encode()
