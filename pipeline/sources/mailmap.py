"""Take the text of a .mailmap, and names with addresses as commits have them; give the names to be shown.

The format is Git's (gitmailmap(5)): a proper name, a proper address or both, then the name and address of commits.
Git itself reads the file that lies in the work tree; here it is that of the commit, so that equal commits give equal
documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.sources.text import make_line

_LONGEST_NAME = 80
_LARGEST = 1_000_000  # bytes: a longer file is no list of people
_ENTRY = re.compile(r"([^<]*)<([^<>]+)>(?:([^<]*)<([^<>]*)>)?")


@dataclass(frozen=True, slots=True)
class Mailmap:
    """Who is meant: (name, address) of a commit, both in small letters, to proper name and address ("" keeps it).

    The name is "" where an entry holds for every name of that address.
    """

    people: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def find_name(self, name: str, address: str) -> str:
        """Return the name to be shown for an author or a trailer; the address's first part where there is none."""
        for key in ((name.lower(), address.lower()), ("", address.lower())):
            if key in self.people:
                name = self.people[key][0] or name
                break
        return make_line(name, _LONGEST_NAME) or make_line(address.partition("@")[0], _LONGEST_NAME)

    def find_person(self, text: str) -> str:
        """Return the name to be shown for a trailer's value such as `Ann Owner <ann@example.org>`."""
        name, _, rest = text.partition("<")
        address = rest.partition(">")[0].strip()
        if not rest and "@" in name and " " not in name.strip():
            name, address = "", name.strip()
        return self.find_name(name.strip(), address)


def read_mailmap(data: bytes) -> Mailmap:
    """Return what a .mailmap says; later lines go before earlier ones, and lines that are none are passed over."""
    people: dict[tuple[str, str], tuple[str, str]] = {}
    text = data.decode("utf-8", "replace") if len(data) <= _LARGEST else ""
    for line in text.split("\n"):
        found = None if line.startswith("#") else _ENTRY.match(line)
        if found is None:
            continue
        name, address, old_name, old_address = found.groups()
        if old_address is None:
            old_name, old_address, address = "", address, ""
        key = (old_name.strip().lower(), old_address.strip().lower())
        # Two lines about one address may give one the name and the other the address.
        before = people.get(key, ("", ""))
        people[key] = (name.strip() or before[0], address.strip() or before[1])
    return Mailmap(people)
