"""Take a folder; make corporate Word files as LibreOffice and a German Word write them, and templates; give bytes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from shutil import which
from subprocess import run
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document as new_docx
from docx.enum.section import WD_SECTION
from docx.shared import Mm, RGBColor
from PIL import Image, ImageDraw

SOFFICE = which("soffice") or ""
BODY_TEXT = "Text of the corporate file itself"
_TYPES = "[Content_Types].xml"
# Ids as a German Word gives them to its built-in styles; the names in the file stay English.
GERMAN = {
    "Normal": "Standard",
    "Heading1": "berschrift1",
    "Heading2": "berschrift2",
    "Heading3": "berschrift3",
    "Title": "Titel",
    "Subtitle": "Untertitel",
    "Caption": "Beschriftung",
    "BodyText": "Textkrper",
    "ListParagraph": "Listenabsatz",
    "ListBullet": "Aufzhlungszeichen",
    "ListNumber": "Listennummer",
    "Header": "Kopfzeile",
    "Footer": "Fuzeile",
    "TOCHeading": "Inhaltsverzeichnisberschrift",
    "DefaultParagraphFont": "Absatz-Standardschriftart",
    "TableNormal": "NormaleTabelle",
    "NoList": "KeineListe",
}
_FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles>
 <style:default-style style:family="paragraph"><style:text-properties style:font-name="Liberation Serif"
  fo:font-family="'Liberation Serif'" fo:font-size="11pt" fo:language="fr" fo:country="FR"/></style:default-style>
 <style:style style:name="Standard" style:family="paragraph" style:class="text"/>
 <style:style style:name="Text_20_body" style:display-name="Text body" style:family="paragraph"
  style:parent-style-name="Standard" style:class="text">
  <style:paragraph-properties fo:margin-bottom="8pt" fo:line-height="120%" fo:text-align="justify"/></style:style>
 <style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard" style:class="text"/>
 <style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
  style:parent-style-name="Heading" style:default-outline-level="1" style:class="text">
  <style:paragraph-properties fo:margin-top="18pt" fo:margin-bottom="6pt"/>
  <style:text-properties fo:font-size="17pt" fo:color="#7b1e3b" fo:font-weight="bold"/></style:style>
 <style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"
  style:parent-style-name="Heading" style:default-outline-level="2" style:class="text">
  <style:text-properties fo:font-size="13pt" fo:color="#7b1e3b"/></style:style>
 <style:style style:name="Title" style:family="paragraph" style:parent-style-name="Heading" style:class="chapter">
  <style:text-properties fo:font-size="28pt" fo:color="#7b1e3b"/></style:style>
 <style:style style:name="Header" style:family="paragraph" style:parent-style-name="Standard" style:class="extra"/>
 <style:style style:name="Footer" style:family="paragraph" style:parent-style-name="Standard" style:class="extra"/>
</office:styles>
<office:automatic-styles><style:page-layout style:name="pm1"><style:page-layout-properties fo:page-width="210mm"
 fo:page-height="297mm" fo:margin-top="15mm" fo:margin-bottom="15mm" fo:margin-left="30mm" fo:margin-right="25mm"/>
 <style:header-style><style:header-footer-properties fo:min-height="12mm" fo:margin-bottom="4mm"/></style:header-style>
 <style:footer-style><style:header-footer-properties fo:min-height="8mm" fo:margin-top="4mm"/></style:footer-style>
 </style:page-layout>
 <style:style style:name="fr1" style:family="graphic"><style:graphic-properties style:vertical-pos="middle"
  style:vertical-rel="text"/></style:style>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pm1">
<style:header><text:p text:style-name="Header"><draw:frame draw:style-name="fr1" text:anchor-type="as-char"
 svg:width="24mm" svg:height="8mm" draw:name="Logo"><draw:image>
 <office:binary-data>{logo}</office:binary-data></draw:image><svg:title>Logo of Gamma</svg:title></draw:frame>
 Gamma Agency <text:title>Old title</text:title></text:p></style:header>
<style:footer><text:p text:style-name="Footer">Gamma footer <text:page-number>1</text:page-number></text:p>
</style:footer>
</style:master-page></office:master-styles>
<office:body><office:text><text:h text:outline-level="1" text:style-name="Heading_20_1">{body}</text:h>
<text:h text:outline-level="2" text:style-name="Heading_20_2">Second</text:h>
<text:p text:style-name="Title">Title</text:p><text:p text:style-name="Text_20_body">{body}</text:p>
</office:text></office:body></office:document>
"""


def draw_logo() -> bytes:
    """Return a small picture."""
    picture = Image.new("RGB", (240, 80), "#7b1e3b")
    ImageDraw.Draw(picture).ellipse((20, 10, 80, 70), fill="#ffffff")
    target = BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def change_parts(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Return a package with parts put in, replaced or, where None, taken out."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        parts: dict[str, bytes | None] = {name: source.read(name) for name in source.namelist()}
        for name, content in (parts | dict(changes)).items():
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


def read_part(data: bytes, name: str) -> str:
    """Return a part as text."""
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


def rewrite(data: bytes, name: str, *pairs: tuple[str, str]) -> bytes:
    """Return a package in which texts of a part are replaced; each must be there."""
    text = read_part(data, name)
    for before, after in pairs:
        assert before in text, (name, before)
        text = text.replace(before, after)
    return change_parts(data, {name: text.encode()})


def make_with_libreoffice(folder: Path) -> bytes:
    """Return a file that LibreOffice wrote, with a logo in its header."""
    source = folder / "corporate.fodt"
    source.write_text(_FODT.format(logo=b64encode(draw_logo()).decode(), body=BODY_TEXT), encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [SOFFICE, "--headless", profile, "--convert-to", "docx", "--outdir", str(folder), str(source)]
    run(command, capture_output=True, check=True, timeout=120)
    return (folder / "corporate.docx").read_bytes()


def make_word_file() -> bytes:
    """Return a file as Word writes it: its own styles and lists, the first page apart, fields in its footer."""
    document = new_docx()
    document.styles["Heading 1"].font.color.rgb = RGBColor(0x00, 0x66, 0x33)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(216), Mm(279)
    section.left_margin, section.right_margin, section.top_margin = Mm(35), Mm(25), Mm(40)
    section.header.paragraphs[0].text = "Muster AG, Bereich Digitales"
    section.footer.paragraphs[0].text = "Vertraulichkeit: "
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].add_run().add_picture(BytesIO(draw_logo()), width=Mm(30))
    document.add_heading(BODY_TEXT, 1)
    document.add_paragraph(BODY_TEXT, "List Bullet")
    document.add_section(WD_SECTION.NEW_PAGE)
    target = BytesIO()
    document.save(target)
    return _add_fields(target.getvalue())


def _add_fields(data: bytes) -> bytes:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> DOCPRO'
        '</w:instrText></w:r><w:r><w:instrText xml:space="preserve">PERTY "Sensitivity" \\* MERGEFORMAT </w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>altes</w:t></w:r>'
        '<w:r><w:t> Ergebnis</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:r><w:tab/></w:r><w:fldSimple w:instr=" TITLE "><w:r><w:t>Alter Titel</w:t></w:r></w:fldSimple>'
        '<w:r><w:tab/></w:r><w:fldSimple w:instr=" DOCPROPERTY Abteilung "><w:r><w:t>Einkauf</w:t></w:r></w:fldSimple>'
    )
    footer = next(
        n for n in ZipFile(BytesIO(data)).namelist() if "footer" in n and "Vertraulichkeit" in read_part(data, n)
    )
    return rewrite(data, footer, ("</w:p>", f"{field}</w:p>"))


def make_german(data: bytes) -> bytes:
    """Return the file with the style ids that a German Word gives."""
    with ZipFile(BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("word/") and name.endswith(".xml")]
    for name in names:
        text = read_part(data, name)
        for english, german in GERMAN.items():
            for key in ("styleId", "val"):
                # Only ids: a name such as `Title` stands in `w:name` alone.
                text = text.replace(f'w:{key}="{english}"', f'w:{key}="{german}"')
        for english, german in GERMAN.items():
            text = text.replace(f'<w:name w:val="{german}"/>', f'<w:name w:val="{english}"/>')
        data = change_parts(data, {name: text.encode()})
    return data


def make_template(data: bytes) -> bytes:
    """Return a .docx as a .dotx."""
    return rewrite(data, _TYPES, ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"))
