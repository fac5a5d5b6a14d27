"""The objects of a PDF come in; what PDF/A and PDF/UA ask for is set, chance is taken out; settled objects go out.

The library under WeasyPrint asks every object for its bytes twice, to write the file and to work out the file's
identifier, and packs every stream anew each time.

WeasyPrint offers one standard at a time: the second one's mark is added to its metadata, and what PDF/UA-1 wants of
table cells besides is mended in the structure tree before the file is closed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from warnings import catch_warnings, simplefilter

from pipeline.host.known_libraries import SETTLED_OBJECTS, fits
from pipeline.write.pdf.attachments import media_type


def settle(pdf: Any) -> None:
    """Put in place of each object one that knows its bytes; what the file holds is the same to the byte.

    Nothing is done where that library is not the one whose bytes are known.
    """
    if not fits(SETTLED_OBJECTS):
        return
    settled, write = _settled_class(), _writer()
    pdf.objects[1:] = [settled(thing, write(thing)) for thing in pdf.objects[1:]]


@cache
def _settled_class() -> Any:
    from pydyf import Object

    class Settled(Object):  # type: ignore[misc]
        """An object of a PDF as bytes."""

        data = b""
        compressible = False

        def __init__(self, thing: Any, data: bytes) -> None:
            super().__init__()
            self.number, self.generation, self.free = thing.number, thing.generation, thing.free
            self.data, self.compressible = data, thing.compressible

    return Settled


@cache
def _writer() -> Callable[[Any], bytes]:
    """Return the function that gives an object's bytes: what a table knows goes by its type, the rest as it did."""
    from pydyf import Array, Dictionary, Object

    def write(thing: Any) -> bytes:
        known = table.get(type(thing))
        if known:
            return known(thing)
        data: bytes = thing.data if isinstance(thing, Object) else str(thing).encode("ascii")
        return data

    def write_dictionary(thing: Any) -> bytes:
        return b"<<%b>>" % b"".join([b"%b %b" % (_write_key(key), write(value)) for key, value in thing.items()])

    def write_array(thing: Any) -> bytes:
        return b"[%b]" % b" ".join([write(one) for one in thing])

    table: dict[type, Callable[[Any], bytes]] = {
        bytes: lambda data: data,
        str: lambda text: text.encode("ascii"),
        int: lambda number: b"%d" % number,
        float: _write_number,
        Dictionary: write_dictionary,
        Array: write_array,
    }
    return write


@lru_cache(maxsize=1024)
def _write_key(key: str | bytes) -> bytes:
    return b"/" + (key if isinstance(key, bytes) else key.encode("ascii"))


def _write_number(number: float) -> bytes:
    """Return a number as that library writes it: whole ones without a point."""
    return b"%d" % number if number.is_integer() else (b"%f" % number).rstrip(b"0")


_UA_MARK = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>\
<pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def paint(laid: Any) -> bytes:
    """Return the pages as PDF."""
    _keep_whole_links(laid)
    laid.metadata.__class__ = _dual_metadata(type(laid.metadata))
    with catch_warnings():
        # WeasyPrint 70 leaves it to the garbage collector to close its colour profile.
        simplefilter("ignore", ResourceWarning)
        data: bytes = laid.write_pdf(pdf_variant="pdf/a-3a", finisher=_mend)
    return data


def _dual_metadata(base: type) -> type:
    class DualMetadata(base):  # type: ignore[misc]
        """Metadata that names both standards."""

        def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
            rdf: bytes = super().generate_rdf_metadata(variant, version, conformance)
            return rdf.replace(b"</rdf:RDF>", _UA_MARK + b"</rdf:RDF>")

    return DualMetadata


def _keep_whole_links(laid: Any) -> None:
    """Take away the second link that WeasyPrint lays over each element inside a link: it would be tagged as no link."""
    for page in laid.pages:
        page.links = [link for link in page.links if link[3].element_tag == "a"]


def _mend(laid: Any, pdf: Any) -> None:
    _mend_tables(laid)
    _mend_lists(pdf)
    _mend_files(laid, pdf)
    settle(pdf)


def _mend_tables(laid: Any) -> None:
    """Give header cells their scope and take away empty lists of headers (WeasyPrint issue 2508)."""
    for page in laid.pages:
        for box in page._page_box.descendants():
            mark = getattr(box, "mark", None)
            if mark is None or box.element is None:
                continue
            if mark["S"] == "/TH":
                mark["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
            elif "Headers" in mark["A"] and not mark["A"]["Headers"]:
                del mark["A"]["Headers"]


def _mend_lists(pdf: Any) -> None:
    """Put what a list item holds beside its mark into one body: an item may have no other children."""
    from pydyf import Array, Dictionary

    things: list[Any] = [thing for thing in pdf.objects if isinstance(thing, Dictionary)]
    by_reference = {thing.reference: thing for thing in things}
    for item in [thing for thing in things if thing.get("S") == "/LI"]:
        parts = [by_reference[reference] for reference in item["K"]]
        content = [part for part in parts if part["S"] != "/Lbl"]
        if all(part["S"] == "/LBody" for part in content):
            continue
        references = [part.reference for part in content]
        body = Dictionary({"Type": "/StructElem", "S": "/LBody", "K": Array(references), "P": item.reference})
        pdf.add_object(body)
        item["K"] = Array([*(part.reference for part in parts if part["S"] == "/Lbl"), body.reference])
        for part in content:
            part["P"] = body.reference
            if part["S"] == "/LBody":
                part["S"] = "/Div"


def _mend_files(laid: Any, pdf: Any) -> None:
    """Say what each attached file is, and list it once.

    WeasyPrint 70 lists those of the whole document twice, takes two files of equal content for one when it says what
    they are to the document, and asks tables of the machine for their kinds.
    """
    if not laid.metadata.attachments:
        return
    by_reference = {thing.reference: thing for thing in pdf.objects[1:]}
    files = by_reference[pdf.catalog["Names"]["EmbeddedFiles"]]["Names"][1::2]
    for reference, attachment in zip(files, laid.metadata.attachments, strict=True):
        file = by_reference[reference]
        file["AFRelationship"] = f"/{attachment.relationship}"
        kind = media_type(attachment.name).replace("/", "#2f")
        by_reference[file["EF"]["F"]].extra["Subtype"] = f"/{kind}"
    pdf.catalog["AF"][:] = files
