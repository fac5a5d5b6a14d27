"""Take a project with a corporate file, a logo or words of another language; render it; see pages and sources."""

from __future__ import annotations

from office_files import body, pack
from render_work import PNG, THEME, portfolio_of, read, render

from pipeline.document.tree import Paragraph, Span, Text

CORPORATE = "theme/corporate.docx"
WIDE = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:left="2268" w:right="2268"/>'


def test_a_corporate_file_sets_the_page_that_tables_are_measured_for() -> None:
    portfolio = portfolio_of({CORPORATE: pack(document=body(WIDE))})
    assert portfolio.theme.corporate
    assert round(portfolio.theme.page.text_width, 1) == 368.5
    documents = [one.document for one in portfolio.rendered if one.document is not None]
    assert documents
    tables = [
        block
        for document in documents
        for section in document.sections
        if not section.landscape
        for block in section.blocks
        if type(block).__name__ == "Table"
    ]
    assert tables
    assert all(sum(column.width for column in table.columns) <= 368.6 for table in tables)


def test_the_corporate_file_is_a_source_of_every_document() -> None:
    portfolio = portfolio_of({CORPORATE: pack()})
    assert portfolio.rendered
    assert all(CORPORATE in one.sources for one in portfolio.rendered)


def test_a_corporate_file_that_is_refused_is_an_error_once() -> None:
    portfolio = portfolio_of({CORPORATE: b"no"})
    assert [problem.code for problem in portfolio.problems] == ["DB314"]
    assert portfolio.theme.page == THEME.page


def test_a_logo_is_an_asset_of_every_document_and_a_source() -> None:
    made = render({"theme/theme.yaml": "logo: theme/logo.png\n", "theme/logo.png": PNG})
    assert made.document is not None
    furniture = made.document.furniture
    assert made.document.assets[furniture.logo].data == PNG
    assert furniture.logo_alt.startswith("Logo of ")
    assert "theme/logo.png" in made.sources


def test_a_logo_that_is_not_there_is_a_problem() -> None:
    made = render({"theme/theme.yaml": "logo: theme/none.png\n"})
    assert [problem.code for problem in made.problems] == ["DB332"]
    assert made.document is None


def test_words_in_brackets_can_name_their_language() -> None:
    blocks, problems = read("He said [tant pis]{lang=fr} and [what]{lang=f_r} [now]{.grey}.")
    assert problems == []
    assert isinstance(blocks[0], Paragraph)
    spans = [node for node in blocks[0].children if isinstance(node, Span)]
    assert spans[0] == Span("", (Text("tant pis"),), "fr")
    assert {span.language for span in spans[1:]} == {""}
