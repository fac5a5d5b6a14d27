"""Take the bytes of a Word file that somebody else made; look for what must not get in; give its parts, or problems.

A corporate file may come from anywhere: nothing of it is unpacked to disk, run or fetched, and all of it is looked at,
also what is not used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from re import IGNORECASE
from re import compile as pattern
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError

from pipeline.document.addresses import SCHEMES
from pipeline.problems import Place, Problem
from pipeline.render.xml_text import BROKEN, DECLARES, ENCODED, HUGE, Unfit, read_xml
from pipeline.sources.limits import is_pointer

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
