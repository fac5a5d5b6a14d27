"""A Word file that somebody else made comes in; what must not get in is refused; its parts and page, or problems, go
out.

A corporate file may come from anywhere: nothing of it is unpacked to disk, run or fetched, and all of it is looked at,
also what is not used.

What the writer of Word files takes from it stands in `write/docx/corporate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from re import IGNORECASE
from re import compile as pattern
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from pipeline.document.addresses import SCHEMES
from pipeline.document.theme import Page
from pipeline.problems import Place, Problem, has_errors
from pipeline.render.xml_text import BROKEN, DECLARES, ENCODED, HUGE, Unfit, read_xml
from pipeline.sources.limits import is_pointer
from pipeline.sources.snapshot import Snapshot

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST = 20_000_000  # bytes as it lies in the repository
_LARGEST_UNPACKED = 100_000_000
_MOST_ENTRIES = 1_000
_WORST_RATIO = 200  # of a part above the size from which it counts; text of Word packs 10 to 60 to one
_RATIO_COUNTS_FROM = 1_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # what a password turns a Word file into; the old .doc begins so too
_ENCRYPTED = 0x1
_XML_ENDS = (".xml", ".rels", ".vml")
_FETCHING = pattern(
    r"\b(INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DDE|DDEAUTO|DATABASE|RD|EMBED|MACROBUTTON)\b", IGNORECASE
)
# A field says at once what it does. Where its first word is the result of another field, only Word knows what that is.
_NAMED = pattern(r"""\s*(?:$|=|[A-Za-z]+(?=[\s\\"]|$))""")
_OUTSIDE = pattern(r"[a-z][a-z0-9+.-]+:|//|\\\\", IGNORECASE)
# What a part is called or what its type says, by which it is known to run or to hold another file.
_ACTIVE_NAMES = pattern(
    r"vbaProject|vbaData|macroEnabled|/embeddings/|/activeX/|oleObject|\.ole$|afchunk|/attachedToolbars", IGNORECASE
)
_ACTIVE_RELATIONS = (
    "/vbaProject", "/wordVbaData", "/oleObject", "/package", "/control", "/activeXControlBinary", "/aFChunk",
    "/subDocument", "/attachedToolbars", "/keyMapCustomizations", "/mailMergeSource",
)  # fmt: skip

_SAVE = "open it in Word or LibreOffice and save it as a Word document (.docx) or template (.dotx)"
_NO_MACROS = "remove macros and embedded objects, then save it as .docx or .dotx, not .docm or .dotm"
_NO_LINKS = "in Word: attach the template Normal, break the links to files, insert pictures instead of linking them"


class Refusal(Exception):
    """Raised where nothing more of a file can be looked at; carries the problem."""

    def __init__(self, code: str, message: str, hint: str = _SAVE) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


def read_office(data: bytes, path: str) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """Return the parts by name and what speaks against the file; no parts where it cannot be opened."""
    try:
        parts = _unpack(data)
        found = [Refusal(*one) for one in dict.fromkeys(_find_dangers(parts))]
    except Refusal as refusal:
        parts, found = {}, [refusal]
    return parts, tuple(Problem(one.code, f"{path} {one.message}", Place(path), one.hint) for one in found)


def parse(data: bytes) -> Any:
    """Return the root of an XML part; Refusal where it is damaged, declares entities or is out of all bounds."""
    try:
        return read_xml(data)
    except Unfit as unfit:
        raise Refusal(*_UNFIT[unfit.why]) from unfit


_UNFIT = {
    DECLARES: ("DB318", "holds a document type declaration, with which XML can be made to read other files"),
    ENCODED: ("DB318", "holds XML in another encoding than UTF-8 or UTF-16, which can hide what it declares"),
    HUGE: ("DB315", "has a part with more elements or attributes than a corporate look can need"),
    BROKEN: ("DB314", "is damaged: a part of it is no well-formed XML"),
}
_NEEDED = ("[Content_Types].xml", "_rels/.rels")


def _unpack(data: bytes) -> dict[str, bytes]:
    if is_pointer(data):
        hint = "commit the file itself: git lfs untrack, then git add --renormalize"
        raise Refusal("DB314", "is a pointer of Git LFS, not the file itself", hint)
    if data.startswith(_OLE):
        raise Refusal("DB314", "is encrypted, or a Word file of before 2007", f"take the password off; {_SAVE}")
    if len(data) > _LARGEST:
        raise Refusal("DB315", f"is larger than {_LARGEST // 1_000_000} MB", "make its pictures smaller")
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_sizes(archive.infolist())
            return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except (BadZipFile, LargeZipFile, ZlibError, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise Refusal("DB314", "is no Word file, or damaged") from error


def _check_sizes(entries: list[ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refusal("DB314", "is encrypted", f"take the password off; {_SAVE}")
    if len(names) != len({name.lower() for name in names}) or any(map(_is_odd, names)):
        raise Refusal("DB314", "holds parts with the same name or a name that leads elsewhere")
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Refusal("DB314", "is packed in a way that Word does not use")
    if missing := next((name for name in _NEEDED if name not in names), ""):
        raise Refusal("DB314", f"is no Word file: it has no part {missing}")
    whole = sum(entry.file_size for entry in entries)
    packed = [entry for entry in entries if entry.file_size > _RATIO_COUNTS_FROM]
    dense = any(entry.file_size > _WORST_RATIO * max(1, entry.compress_size) for entry in packed)
    if len(entries) > _MOST_ENTRIES or whole > _LARGEST_UNPACKED or dense:
        limits = f"{_MOST_ENTRIES} parts, {_LARGEST_UNPACKED // 1_000_000} MB, {_WORST_RATIO} to one"
        raise Refusal("DB315", f"unpacks to more than a corporate look can need (at most {limits})")


def _is_odd(name: str) -> bool:
    return "\\" in name or name.startswith("/") or ".." in name.split("/") or ":" in name


def _find_dangers(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    for name, data in parts.items():
        if _ACTIVE_NAMES.search(f"/{name}"):
            yield "DB316", f"holds a macro or an embedded object ({name})", _NO_MACROS
        if _is_xml(name, data):
            yield from _find_in_xml(name, parse(data))


def _is_xml(name: str, data: bytes) -> bool:
    """Return whether a part is XML by its name or its beginning: only its type says what Word takes it for."""
    begins = data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xff\xfe\xbf \t\r\n").startswith(b"<")
    return name.lower().endswith(_XML_ENDS) or begins


def _find_in_xml(name: str, root: Any) -> Iterator[tuple[str, str, str]]:
    if name == "[Content_Types].xml":
        if any(_ACTIVE_NAMES.search(node.get("ContentType") or "") for node in root):
            yield "DB316", "says that it holds macros or embedded objects", _NO_MACROS
    elif name.lower().endswith(".rels"):
        for node in root:
            yield from _find_in_relation(node.get("Type") or "", node.get("Target") or "", node.get("TargetMode") or "")
    elif any(_links_picture(node) for node in root.iter()):
        yield "DB317", f"shows a picture that lies outside it ({name})", _NO_LINKS
    elif root.tag in (f"{WORD}hdr", f"{WORD}ftr") and (word := _FETCHING.search(instructions(root))):
        yield "DB317", f"has a field {word.group().upper()} in {name}, which fetches another file", _NO_LINKS
    elif root.tag in (f"{WORD}hdr", f"{WORD}ftr") and not all(map(_NAMED.match, codes_of_fields(root))):
        yield "DB317", f"has a field in {name} whose name is made by another field", _NO_LINKS


def _find_in_relation(kind: str, target: str, mode: str) -> Iterator[tuple[str, str, str]]:
    if kind.endswith(_ACTIVE_RELATIONS):
        yield "DB316", f"embeds {kind.rpartition('/')[2]}", _NO_MACROS
    elif mode.lower() == "external" and not (kind.endswith("/hyperlink") and _scheme(target) in SCHEMES):
        yield "DB317", f"leads outside itself: {kind.rpartition('/')[2]} {target[:80]}", _NO_LINKS


def _scheme(target: str) -> str:
    try:
        return urlsplit(target).scheme
    except ValueError:
        return ""


def _links_picture(node: Any) -> bool:
    """Return whether a VML picture or fill names a file, which it can without a relationship."""
    named = (value for key, value in node.attrib.items() if key == "src" or key.endswith("}href"))
    return str(node.tag).endswith(("}imagedata", "}fill", "}stroke")) and any(map(_OUTSIDE.match, named))


def instructions(root: Any) -> str:
    """Return the code of all fields; Word may split a word of it over several runs."""
    simple = " ".join(node.get(f"{WORD}instr") or "" for node in root.iter(f"{WORD}fldSimple"))
    # The mark that ends a field parts its code from the next one's.
    codes = (node.text or " " for node in root.iter(f"{WORD}instrText", f"{WORD}fldChar"))
    return f"{simple} {''.join(codes)}"


def codes_of_fields(root: Any) -> list[str]:
    """Return the code of each field that is made of runs; where another field stands in it is a zero character."""
    done: list[str] = []
    open_fields: list[list[str]] = []
    for node in root.iter(f"{WORD}instrText", f"{WORD}fldChar", f"{WORD}t"):
        kind = node.get(f"{WORD}fldCharType")
        if kind == "begin":
            if open_fields:
                open_fields[-1].append("\0")
            open_fields.append([])
        elif kind == "end" and open_fields:
            done.append("".join(open_fields.pop()).partition("\1")[0])
        elif kind == "separate" and open_fields:
            open_fields[-1].append("\1")
        elif kind is None and open_fields:
            open_fields[-1].append(node.text or "")
    return done


CORPORATE_PATHS = ("theme/corporate.docx", "theme/corporate.dotx")
_MAIN = "/officeDocument"
_STRICT = "http://purl.oclc.org/ooxml/"
_LEAST_ROOM = 144.0  # points: two inches of text, across and down
_TWIPS = 20  # a point
_SIDES = ("top", "right", "bottom", "left", "header", "footer")
_NOT_WORD = "open it in Word and save it as a Word document (.docx) or template (.dotx), not as Strict Open XML"
_SENSITIVITY = "put the field DOCPROPERTY Sensitivity into its header or footer, so that each page says who may read it"


@dataclass(frozen=True, slots=True)
class Corporate:
    """A corporate look: the file's bytes, empty where there is none or it is refused, and its page set-up."""

    data: bytes = b""
    page: Page | None = None
    problems: tuple[Problem, ...] = ()


def load_corporate(snapshot: Snapshot, page: Page) -> Corporate:
    """Return the corporate look of a repository; `page` fills what its page set-up does not say."""
    left_out = {problem.place.file for problem in snapshot.problems} - set(snapshot.files)
    there = [path for path in CORPORATE_PATHS if path in snapshot]
    missed = [path for path in CORPORATE_PATHS if path in left_out]
    if missed:
        return Corporate(problems=tuple(_not_read(path) for path in missed))
    if len(there) > 1:
        message = f"both {' and '.join(there)} are there, and only one can be the corporate look"
        return Corporate(problems=(Problem("DB313", message, Place(there[1]), "keep one of the two"),))
    return check_corporate(snapshot.read(there[0]), there[0], page) if there else Corporate()


def check_corporate(data: bytes, path: str, page: Page) -> Corporate:
    """Return the look if nothing speaks against the file, else its problems, all with the file as their place."""
    parts, problems = read_office(data, path)
    if problems:
        return Corporate(problems=problems)
    try:
        body = parse(_main_part(parts))
        own = _read_page(body, page)
    except Refusal as refusal:
        message = f"{path} {refusal.message}"
        return Corporate(problems=(Problem(refusal.code, message, Place(path), refusal.hint),))
    found = _find_missing(parts, path)
    return Corporate(b"" if has_errors(found) else data, own, found)


def _not_read(path: str) -> Problem:
    hint = "its own problem says why; commit the file itself"
    return Problem("DB313", f"{path} is there, but could not be read", Place(path), hint)


def _main_part(parts: Mapping[str, bytes]) -> bytes:
    relations = parse(parts["_rels/.rels"]) if "_rels/.rels" in parts else ()
    names = [node.get("Target") or "" for node in relations if (node.get("Type") or "").endswith(_MAIN)]
    name = names[0].lstrip("/") if names else ""
    if name not in parts or _STRICT.encode() in parts[name][:4096] or parse(parts[name]).tag != f"{WORD}document":
        raise Refusal("DB314", "is no Word document or template", _NOT_WORD)
    return parts[name]


def _find_missing(parts: Mapping[str, bytes], path: str) -> tuple[Problem, ...]:
    """Return a warning where the file has a footer of its own, which takes the place of ours, and no sensitivity."""
    roots = [parse(data) for name, data in parts.items() if name.endswith(".xml")]
    furniture = [root for root in roots if root.tag in (f"{WORD}hdr", f"{WORD}ftr")]
    footed = any(root.tag == f"{WORD}ftr" for root in furniture)
    if not footed or any("sensitivity" in instructions(root).lower() for root in furniture):
        return ()
    message = f"{path} has a footer that does not show the sensitivity"
    return (Problem("DB319", message, Place(path), _SENSITIVITY, "warning"),)


def _read_page(root: Any, base: Page) -> Page:
    """Return the page of the last section, upright; what it does not say is that of `base`."""
    sections = root.findall(f"{WORD}body/{WORD}sectPr") or root.findall(f".//{WORD}sectPr")
    if not sections:
        return base
    size, margins = sections[-1].find(f"{WORD}pgSz"), sections[-1].find(f"{WORD}pgMar")
    wide = sorted((_points(size, "w", base.width), _points(size, "h", base.height)))
    sides = {side: _points(margins, side, getattr(base, side)) for side in _SIDES}
    sides["left"] += _points(margins, "gutter", 0.0)
    page = Page(width=wide[0], height=wide[1], **sides)
    room = (page.text_width, page.landscape_text_width, page.height - page.top - page.bottom)
    # A landscape page keeps the margins, so it is as low as the sheet is wide.
    if min(*room, page.width - page.top - page.bottom) < _LEAST_ROOM:
        raise Refusal("DB314", "has margins that leave no room for text", "make its margins smaller")
    return page


def _points(node: Any, name: str, otherwise: float) -> float:
    """Return a length in points; below zero Word means the same length, held exactly."""
    given = node.get(f"{WORD}{name}") if node is not None else None
    try:
        return otherwise if given is None else abs(int(given)) / _TWIPS
    except ValueError:
        return otherwise
