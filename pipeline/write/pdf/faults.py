"""Take the bytes of a PDF; look for what archives, screen readers and viewers need; give the faults as words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.write.pdf.objects import BrokenPdf, Objects, read_objects

# What the root must say, and what it means for a reader.
_ROOT = (
    (rb"/MarkInfo\s*<<[^>]*/Marked true", "it does not say that it is tagged"),
    (rb"/Lang\s*\([^)]+\)", "it does not say its language"),
    (rb"/DisplayDocTitle true", "viewers would show its file name instead of its title"),
    (rb"/OutputIntents\s*\[", "it has no output intent, which archives ask for"),
)
_METADATA = (
    (rb'pdfaid:part(?:="|>)3', "its metadata does not say PDF/A-3"),
    (rb'pdfaid:conformance(?:="|>)A', "its metadata does not say conformance A"),
    (rb"<pdfuaid:part>1<", "its metadata does not say PDF/UA-1"),
    (rb"<dc:title>.*?<rdf:li[^>]*>[^<]", "its metadata has no title"),
)
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)


def find_pdf_faults(data: bytes) -> Iterator[str]:
    """Yield what is wrong with the file's structure, tags, language, title, metadata and attached files."""
    try:
        yield from find_faults_in(read_objects(data))
    except BrokenPdf as error:
        yield str(error)


def find_faults_in(objects: Objects) -> Iterator[str]:
    """Yield what is wrong with the objects of a file that can be read."""
    root = objects.read(objects.root)
    yield from (fault for pattern, fault in _ROOT if not re.search(pattern, root))
    if not re.search(rb"/K \[?\s*\d+ 0 R", objects.follow(root, "StructTreeRoot")):
        yield "it has no tags"
    if not re.search(rb"/Count [1-9]", objects.follow(root, "Pages")):
        yield "it has no pages"
    metadata = objects.stream(root, "Metadata")
    yield from (fault for pattern, fault in _METADATA if not re.search(pattern, metadata, re.DOTALL))
    yield from _find_loose_files(objects, root)


def _find_loose_files(objects: Objects, root: bytes) -> Iterator[str]:
    """Yield the attached files of which the file does not say what they are to it."""
    # A file may be called `Plan 2 0 R`: its name is a string, and no reference.
    names = _STRING.sub(b"", objects.follow(root, "EmbeddedFiles"))
    found = re.search(rb"/AF\s*\[([^\]]*)\]", root)
    listed = re.findall(rb"(\d+) 0 R", found.group(1)) if found else []
    if not listed or len(listed) != len(re.findall(rb"\d+ 0 R", names)):
        yield "its attached files are not listed"
    for number in listed:
        if not re.search(rb"/AFRelationship /(?:Data|Source|Alternative|Supplement)", objects.read(int(number))):
            yield f"it does not say what its attached file {int(number)} is to it"
