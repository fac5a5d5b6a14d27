"""Take everybody whom people.yaml or a commit ever named; give each a number; write texts with numbers for names."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping

from pipeline.closure.people_file import Person

HOST = "example.invalid"
_LINE = re.compile(rb"(.*?) ?<([^<>]*)> ([0-9]+ [+-][0-9]{4})")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TRAILER = re.compile(r"^([A-Z][A-Za-z-]*-by): .*$", re.MULTILINE)
_BESIDE = r"(?<![\w.@-]){}(?![\w@-]|[.][\w])"


class Pseudonyms:
    """Numbers for persons, in an order that only the seed tells: whoever is not in people.yaml is known by address."""

    def __init__(self, people: Iterable[Person], authors: Iterable[bytes], seed: bytes) -> None:
        self._seed = seed
        by_id: dict[str, list[Person]] = {}
        for person in people:
            by_id.setdefault(person.id, []).append(person)
        self._owners = _find_owners(by_id)
        unknown = {self._find_owner(*_split(author)) for author in authors} - by_id.keys()
        ordered = sorted({*by_id, *unknown}, key=self._rank)
        self._numbers = {key: number for number, key in enumerate(ordered, 1)}
        self._texts = self._list_texts(by_id, unknown)
        words = sorted(map(re.escape, self._texts), key=len, reverse=True)
        self._words = re.compile(_BESIDE.format(f"(?:{'|'.join(words)})")) if words else None

    def make_fields(self, person: Person) -> Mapping[str, str]:
        """Return the id and name that stand for a person of people.yaml."""
        return {"id": self._id(person.id), "name": self._name(person.id)}

    def hide(self, data: bytes) -> bytes:
        """Return a text with what stands for each id, name, address and telephone number; other data as it is."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return data
        if self._words:
            text = self._words.sub(lambda found: self._texts[found[0]], text)
        return text.encode()

    def hide_message(self, message: bytes) -> bytes:
        """Return a commit's message without any address, and without names in its trailers that nobody knows."""
        known = set(self._texts.values())
        text = self.hide(message).decode("utf-8", "replace")

        def hide_trailer(found: re.Match[str]) -> str:
            return found[0] if any(name in found[0] for name in known) else f"{found[1]}: Person"

        return _ADDRESS.sub(f"person@{HOST}", _TRAILER.sub(hide_trailer, text)).encode()

    def hide_author(self, line: bytes) -> bytes:
        """Return the line of an author or committer with a number for name and address, and the time as it is."""
        found = _LINE.fullmatch(line)
        owner = self._find_owner(*_split(line))
        if found is None or owner not in self._numbers:
            return b"Person <person@%b> %b" % (HOST.encode(), found[3] if found else b"0 +0000")
        return f"{self._name(owner)} <{self._id(owner)}@{HOST}> ".encode() + found[3]

    def _list_texts(self, by_id: Mapping[str, list[Person]], unknown: Iterable[str]) -> dict[str, str]:
        texts: dict[str, str] = {}
        for id, versions in by_id.items():
            texts[id] = self._id(id)
            for person in versions:
                texts |= {
                    person.name: self._name(id),
                    person.email: f"{self._id(id)}@{HOST}",
                    person.phone: "(left out)",
                }
        texts |= {owner: f"{self._id(owner)}@{HOST}" for owner in unknown}
        texts.pop("", None)
        return texts

    def _find_owner(self, name: str, address: str) -> str:
        """Return the id of who wrote a commit; the address where people.yaml does not know."""
        return self._owners.get(address.lower()) or self._owners.get(name.lower()) or address.lower() or name.lower()

    def _id(self, key: str) -> str:
        return f"person-{self._numbers[key]:03}"

    def _name(self, key: str) -> str:
        return f"Person {self._numbers[key]:03}"

    def _rank(self, key: str) -> bytes:
        return hmac.digest(self._seed, key.encode("utf-8", "surrogatepass"), "sha256")


def _find_owners(by_id: Mapping[str, list[Person]]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for id, versions in by_id.items():
        for person in versions:
            owners |= {word.lower(): id for word in (person.name, person.email) if word}
    return owners


def _split(line: bytes) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    name, address = (found[1], found[2]) if found else (line, b"")
    return name.decode("utf-8", "replace"), address.decode("utf-8", "replace")
