"""Take a document with a logo and one with words of another language; write HTML; see the picture and the tags."""

from __future__ import annotations

from dataclasses import replace

from lxml import html as lxml_html

from pipeline.document.theme import Theme
from pipeline.document.tree import Document, Furniture, Paragraph, Properties, Section, Span, Text
from pipeline.write.html import write_html


def test_the_logo_stands_first_inside_the_first_section(sample_document: Document, theme: Theme) -> None:
    furniture = replace(sample_document.furniture, logo="charts/value.svg", logo_alt="Logo of <the> Registry")
    page = lxml_html.fromstring(write_html(replace(sample_document, furniture=furniture), theme))
    first = page.xpath("//main/section")[0][0]
    assert (first.tag, first.get("alt")) == ("img", "Logo of <the> Registry")
    rules = "".join(page.xpath("//style/text()"))
    assert f".{first.get('class')}{{float:right;" in rules
    assert "width:102pt;height:34pt" in rules


def test_without_a_logo_the_page_is_the_same(sample_document: Document, theme: Theme) -> None:
    unknown = replace(sample_document.furniture, logo="not-there.png")
    assert write_html(replace(sample_document, furniture=unknown), theme) == write_html(sample_document, theme)


def test_words_of_another_language_say_so(theme: Theme) -> None:
    words = (Text("He said "), Span("grey", (Text("tant pis"),), "fr"))
    document = Document("a", Properties("A"), Furniture(), (Section((Paragraph(words),)),))
    assert b'<span class="grey" lang="fr">tant pis</span>' in write_html(document, theme)
