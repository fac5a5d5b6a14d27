"""Take a document full of dangerous links and field codes; build it in every format; none of them comes alive."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from hostile_world import MILL, SETTINGS, World, make_good
from lxml import etree
from pypdf import PdfReader

from pipeline.cli import main
from pipeline.document.addresses import SCHEMES, is_address
from pipeline.document.tree import Link, Text
from pipeline.write.html.context import link_target

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CODE = 'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" " \\* INCLUDETEXT \\\\\\\\host\\\\share\\\\x { DDE a b }'
BAD = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#10;script:alert(1)", "&#1;javascript:alert(1)",
    "&#32;javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd", "file://host/share",
    "ms-msdt:/id", "ms-word:ofe|u|http://x/y", "search-ms:query=x", "\\\\\\\\host\\\\share", "//host/share", "tel:+1",
    "smb://host/share", "ftp://x/y", "ht&#10;tp://x.example/",
)  # fmt: skip
GOOD = ("https://good.example/a?b=c#d", "http://good.example:8080/", "mailto:a@good.example", "#part")
# What our own writer says; each word of it that is not here is a constant or a number.
FIELD = re.compile(
    r'PAGE|NUMPAGES|DOCPROPERTY "[A-Z][A-Za-z ]+"|SEQ (Table|Figure) \\\* ARABIC|'
    r'(REF|PAGEREF|NOTEREF) \w{1,40}( \\h| \\f)*( \\\* MERGEFORMAT)?|TOC \\o "1-\d" \\h \\z \\u( \\n)?'
)


@dataclass(frozen=True)
class Made:
    """The files of one document by format, and what was said of its sources."""

    files: dict[str, bytes]
    problems: list[dict[str, object]]


def make_text() -> str:
    """Return the document: a line for each link, in Markdown and in HTML."""
    links = "".join(f'[w](<{one}>)\n\n<p><a href="{one}">v</a></p>\n\n' for one in (*BAD, *GOOD))
    return (
        f"---\ntitle: {json.dumps(CODE)}\n---\n\n{links}# Part {{#part}}\n\n## {CODE} {{#dde}}\n\n{{{{ toc() }}}}\n\n"
        f'{CODE} [@dde] [@DDEAUTO] {{DDEAUTO x}} {{{{ "{{ DDEAUTO x }}" }}}}\n\n[^{{DDE}}]\n\n[^{{DDE}}]: {CODE}\n\n'
        f"| {CODE} | b |\n|---|---|\n| {CODE} | b |\n\nTable: {CODE} {{#t}}\n"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Made]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEEDBOX_LIMITS", "off")
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        if "DEEDBOX_CACHE" not in os.environ:
            patch.setenv("DEEDBOX_CACHE", str(pytestconfig.cache.mkdir("deedbox")))  # type: ignore[union-attr]
        world = World(tmp_path_factory.mktemp("links") / "papers")
        settings = SETTINGS.replace("  - alder\n", "").replace("Tidewater Museum", json.dumps(CODE))
        project = MILL["mill/project.yaml"].replace("title: Repair of the tide mill", f"title: {json.dumps(CODE)}")
        texts = {"deedbox.yaml": settings, "mill/project.yaml": project, "mill/documents/log.md": make_text()}
        people = {"people.yaml": make_people()}
        world.commit({**MILL, **people, **texts, ".gitignore": "build/\n.deedbox/\n"}, CODE, author=f"{CODE} <a@b.c>")
        out = io.StringIO()
        patch.setattr(sys, "stdout", out)
        words = ["build", "mill/documents/log", "--to", "docx,pdf,html", "--format", "json", "-C", str(world.root)]
        code = main(words)
        answer = json.loads(out.getvalue())
        assert code == 0, answer["problems"]
        folder = world.root / "build/mill/documents"
        yield Made(
            {kind: (folder / f"log.{kind}").read_bytes() for kind in ("docx", "pdf", "html")}, answer["problems"]
        )


def make_people() -> str:
    """Return people of whom one has a field code for a name."""
    from hostile_world import PEOPLE

    return PEOPLE.replace("name: Jon Weir", f"name: {json.dumps(CODE)}")


def test_every_dangerous_link_keeps_its_words_and_is_told_of_at_its_line(made: Made) -> None:
    told = {one["line"] for one in made.problems if one["code"] in ("DB322", "DB323")}
    lines = make_text().splitlines()
    wrong = {
        number
        for number, line in enumerate(lines, 1)
        for bad in BAD
        if line in (f"[w](<{bad}>)", f'<p><a href="{bad}">v</a></p>')
    }
    assert len(wrong) == 2 * len(BAD)
    assert wrong <= told
    html = made.files["html"].decode()
    assert html.count(">w</a>") == html.count(">v</a>") == len(GOOD)


def test_live_links_lead_to_the_web_and_mail_alone_in_every_format(made: Made) -> None:
    found = {"html": set(re.findall(r'href="([^"]*)"', made.files["html"].decode()))}
    with ZipFile(io.BytesIO(made.files["docx"])) as archive:
        relations = [
            node
            for name in archive.namelist()
            if name.endswith(".rels")
            for node in etree.fromstring(archive.read(name))
        ]
    found["docx"] = {node.get("Target") for node in relations if node.get("TargetMode") == "External"}
    pdf = PdfReader(io.BytesIO(made.files["pdf"]))
    actions = [
        note.get_object()["/A"] for page in pdf.pages for note in page.get("/Annots", ()) if "/A" in note.get_object()
    ]
    assert {str(action["/S"]) for action in actions} <= {"/URI", "/GoTo"}
    found["pdf"] = {str(action["/URI"]) for action in actions if "/URI" in action}
    assert not {"/OpenAction", "/AA"} & set(pdf.trailer["/Root"])
    assert "/JavaScript" not in pdf.trailer["/Root"].get("/Names", {})
    for kind, targets in found.items():
        assert set(GOOD[:3]) <= targets, kind
        schemes = {target.partition(":")[0] for target in targets if not target.startswith("#")}
        assert schemes <= SCHEMES, kind


def test_no_text_becomes_a_field_of_word(made: Made) -> None:
    with ZipFile(io.BytesIO(made.files["docx"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml")}
    roots = [etree.fromstring(data) for data in parts.values()]
    codes = [(node.text or "").strip() for root in roots for node in root.iter(f"{W}instrText")]
    assert len(codes) > 5
    assert [code for code in codes if not FIELD.fullmatch(code)] == []
    assert not any(list(root.iter(f"{W}fldSimple", f"{W}altChunk", f"{W}object")) for root in roots)
    assert any("DDEAUTO" in (node.text or "") for root in roots for node in root.iter(f"{W}t"))


def test_what_documents_say_of_themselves_holds_no_control_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEDBOX_LIMITS", "off")
    world = make_good(tmp_path / "papers")
    assert main(["build", "mill/documents/log", "--to", "docx,pdf", "-q", "-C", str(world.root)]) == 0
    folder = world.root / "build/mill/documents"
    with ZipFile(folder / "log.docx") as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("docProps/")]
    pdf = PdfReader(folder / "log.pdf")
    texts += [bytes(pdf.trailer["/Root"]["/Metadata"].get_data()).decode(), *map(str, (pdf.metadata or {}).values())]
    for text in texts:
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", text)


@pytest.mark.parametrize(
    "target", ["http://x.example/\u202egpj", "ht\ntp://x.example/", "\x01http://x.example/", "//x", "x:y"]
)
def test_the_one_place_refuses_what_readers_read_differently(target: str) -> None:
    assert not is_address(target)
    assert link_target(Link(target, (Text("w"),)).target) == ""
