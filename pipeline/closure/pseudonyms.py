"""Take everybody whom people.yaml or a commit ever named; give each a number; write texts with numbers for names."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from pipeline.closure.name_parts import CALENDAR, WORD, fold, list_parts
from pipeline.closure.people_file import Person

HOST = "example.invalid"
SHARED = ""  # stands for a part of a name that several persons have
_LINE = re.compile(rb"(.*?) ?<([^<>]*)> ([0-9]+ [+-][0-9]{4})")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_TRAILER = re.compile(r"^([A-Z][A-Za-z-]*-by): .*$", re.MULTILINE)
_BESIDE = r"(?<![\w.@-]){}(?![\w@-]|[.][\w])"
_PART = re.compile(rf"((?<!\w)(?:[^\W\d_]\.[ \u00a0]?){{1,3}})?(?<![^\W_])({WORD.pattern})(?![^\W_])")
_AGAIN = re.compile(r"\b(Person \d{3,})(?:(?: [^\W\d_]\.)*[ \u00a0-]+\1)+(?!\d)")


class Pseudonyms:
    """Numbers for persons, in an order that only the seed tells: whoever is not in people.yaml is known by address.

    `ordinary` are folded parts of names that stay where they stand, since texts use them as words; `names` are those of
    files and folders, which are renamed where they have a person's name, and then in texts as well.
    """

    def __init__(
        self,
        people: Iterable[Person],
        authors: Iterable[bytes],
        seed: bytes,
        ordinary: Iterable[str] = (),
        names: Iterable[str] = (),
    ) -> None:
        self._seed = seed
        by_id: dict[str, list[Person]] = {}
        for person in people:
            by_id.setdefault(person.id, []).append(person)
        self._owners = _find_owners(by_id)
        strangers: dict[str, set[str]] = {}
        for name, address in map(_split, authors):
            strangers.setdefault(self._find_owner(name, address), set()).add(name)
        unknown = strangers.keys() - by_id.keys()
        ordered = sorted({*by_id, *unknown}, key=self._rank)
        self._numbers = {key: number for number, key in enumerate(ordered, 1)}
        called = {id: {person.name for person in versions} for id, versions in by_id.items()}
        called |= {key: {name for name in strangers[key] if len(list_parts(name)) > 1} for key in unknown}
        self._texts = self._list_texts(by_id, called)
        self._parts = _find_parts(called)
        self._kept = frozenset(ordinary) | CALENDAR
        self._compile()
        self.files = self._rename(names)
        self._texts |= self.files
        self._compile()

    def make_fields(self, person: Person) -> Mapping[str, str]:
        """Return the id and name that stand for a person of people.yaml."""
        return {"id": self._id(person.id), "name": self._name(person.id)}

    def hide(self, data: bytes) -> bytes:
        """Return a text with what stands for each id, name, address and telephone number; other data as it is."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            return data
        return data if "\0" in text else self._hide(text).encode()

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

    def find_left(self, text: str) -> Iterator[tuple[int, str]]:
        """Give line (from 1) and word for each part of a person's name that still stands in a text.

        Ordinary words in small letters are no names, and months never are.
        """
        for number, line in enumerate(text.splitlines(), 1):
            found = (part for whole in WORD.findall(line) for part in (whole, *re.split("['’]", whole)[:-1]))
            yield from ((number, word) for word in dict.fromkeys(found) if self._is_left(word))

    def _is_left(self, word: str) -> bool:
        folded = fold(word)
        return folded in self._parts and folded not in CALENDAR and not (word.islower() and folded in self._kept)

    def _hide(self, text: str) -> str:
        if self._words:
            text = self._words.sub(lambda found: self._texts[found[0]], text)
        return _AGAIN.sub(r"\1", _PART.sub(self._hide_part, text))

    def _hide_part(self, found: re.Match[str]) -> str:
        """Words count that are written as a name is: with a capital, or all in capitals; initials go with them."""
        whole = found[2]
        word = whole if fold(whole) in self._parts else re.split("['’]", whole)[0]
        owner = self._parts.get(fold(word))
        if owner is None or fold(word) in self._kept or word[0].islower():
            return found[0]
        initials = "" if self._has_initials(found[1], owner) else found[1] or ""
        return initials + self._call(owner) + whole[len(word) :]

    def _has_initials(self, initials: str | None, owner: str) -> bool:
        own = {part[0] for part, person in self._parts.items() if person in (owner, SHARED)}
        return initials is not None and all(fold(letter) in own for letter in re.findall(r"[^\W\d_]", initials))

    def _rename(self, names: Iterable[str]) -> dict[str, str]:
        """Return new names for those files and folders whose names are made with somebody's; all of them differ."""
        found: dict[str, str] = {}
        taken = set(names)
        for name in sorted(taken):
            new = self._hide_file(name)
            if new == name:
                continue
            if new in taken:
                stem, dot, ending = new.partition(".")
                new = f"{stem}-{hmac.digest(self._seed, name.encode('utf-8', 'surrogatepass'), 'sha256').hex()[:8]}"
                new += dot + ending
            taken.add(new)
            found[name] = new
            found.setdefault(PurePosixPath(name).stem, PurePosixPath(new).stem)
        return found

    def _hide_file(self, name: str) -> str:
        if self._words:
            name = self._words.sub(lambda found: self._texts[found[0]].replace(" ", "-").lower(), name)

        def hide(found: re.Match[str]) -> str:
            owner = self._parts.get(fold(found[0]))
            kept = owner is None or fold(found[0]) in self._kept
            return found[0] if kept or owner is None else self._call(owner).replace(" ", "-").lower()

        return re.sub(r"(person-\d{3,})(?:[ _.-]*\1)+(?!\d)", r"\1", WORD.sub(hide, name))

    def _list_texts(self, by_id: Mapping[str, list[Person]], called: Mapping[str, set[str]]) -> dict[str, str]:
        texts = {name: self._name(key) for key, names in called.items() for one in names for name in (one, one.upper())}
        texts |= {key: f"{self._id(key)}@{HOST}" for key in called if key not in by_id}
        for id, versions in by_id.items():
            texts[id] = self._id(id)
            for person in versions:
                texts |= {person.email: f"{self._id(id)}@{HOST}", person.phone: "(left out)"}
        texts.pop("", None)
        return texts

    def _compile(self) -> None:
        words = sorted(map(re.escape, self._texts), key=len, reverse=True)
        self._words = re.compile(_BESIDE.format(f"(?:{'|'.join(words)})")) if words else None

    def _call(self, owner: str) -> str:
        return "Person" if owner == SHARED else self._name(owner)

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


def _find_parts(called: Mapping[str, set[str]]) -> dict[str, str]:
    """Return whose name a folded part is of, SHARED where it is of several persons' names."""
    parts: dict[str, str] = {}
    for key, names in sorted(called.items()):
        for part in {fold(part) for name in names for part in list_parts(name)}:
            parts[part] = SHARED if parts.get(part, key) != key else key
    return parts


def _split(line: bytes) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    name, address = (found[1], found[2]) if found else (line, b"")
    return name.decode("utf-8", "replace"), address.decode("utf-8", "replace")
