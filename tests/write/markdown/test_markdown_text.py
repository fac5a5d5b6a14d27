"""Take documents; write them as Markdown; read it back with parsers that are not ours; compare words, lists, tables."""

from __future__ import annotations

import re
from html import unescape
from json import loads
from subprocess import run
from typing import Any

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from writers_tables import para, words

from pipeline.document.theme import Theme
from pipeline.document.tree import (
    Block,
    Callout,
    Code,
    CodeSpan,
    Definition,
    DefinitionList,
    Document,
    Emphasis,
    Furniture,
    Group,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Note,
    NoteRef,
    Paragraph,
    Properties,
    Quote,
    Ref,
    Rule,
    Section,
    Span,
    State,
    Status,
    Strike,
    Strong,
    Table,
    Text,
    Toc,
    TocEntry,
)
from pipeline.document.walk import walk
from pipeline.write.html.inlines import plain_text
from pipeline.write.markdown import write_markdown
from tests.worlds.cells import spell_cells

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)
NASTY = [
    *("*", "**", "_", "`", "``", "~~", "[", "]", "(", ")", "[^1]", "[a](b)", "![", "!", "<b>", "<!-- c -->", "&amp;"),
    *("&", "#", "# h", "- x", "+ x", "1. x", "12)", "> q", "|", "| - |", "---", "===", "```", "~~~", ":::", ": d"),
    *("\\", "{.x}", "{{ x }}", "$x$", "http://a.b", "a_b", "é", "\u00a0", "“q”", " ", "word", "x", "'=1", "[ ]", "%"),
]
nasty = st.lists(st.sampled_from(NASTY), min_size=1, max_size=5).map("".join)
texts = st.builds(Text, nasty)


def wrapped(kind: Any) -> Any:
    return lambda children: st.builds(kind, st.lists(children, min_size=1, max_size=3).map(tuple))


inlines = st.recursive(
    st.one_of(texts, st.builds(CodeSpan, nasty), st.builds(Ref, st.just("x"), nasty), st.just(LineBreak())),
    lambda children: st.one_of(
        *(wrapped(kind)(children) for kind in (Emphasis, Strong, Strike, lambda c: Span("r", c)))
    ),
    max_leaves=6,
)
lines = st.lists(inlines, min_size=1, max_size=4).map(tuple)
links = st.builds(
    Link, st.just("https://example.org/(a)?b=1&copy=2"), st.lists(texts, min_size=1, max_size=2).map(tuple)
)
paragraphs = st.builds(Paragraph, st.lists(st.one_of(inlines, links), min_size=1, max_size=4).map(tuple))
codes = st.builds(Code, st.lists(nasty, min_size=1, max_size=3).map("\n".join))


def make_items(blocks: Any) -> Any:
    items = st.lists(st.builds(ListItem, st.lists(blocks, max_size=3).map(tuple)), min_size=1, max_size=3).map(tuple)
    return st.builds(List, items, st.booleans(), st.sampled_from([1, 4]), st.booleans())


blocks = st.recursive(
    st.one_of(paragraphs, codes, st.builds(Heading, st.integers(1, 6), lines), st.just(Rule())),
    lambda inner: st.one_of(
        make_items(inner),
        st.builds(Quote, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Group, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


def make_document(*nodes: Block, notes: tuple[Note, ...] = ()) -> Document:
    return Document("p/d", Properties("A title"), Furniture(), (Section(nodes),), notes)


def write(theme: Theme, *nodes: Block, notes: tuple[Note, ...] = ()) -> str:
    return write_markdown(make_document(*nodes, notes=notes), theme)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read_words(markdown: str) -> str:
    """Return what a browser would show of the Markdown text."""
    return squeeze(unescape(re.sub(r"<[^>]*>", "", READER.render(markdown))))


def tree_words(node: Any) -> str:
    shown = (part.text for part in walk(spell_cells(node)) if isinstance(part, (Text, CodeSpan, Ref, Code)))
    return squeeze("".join(shown))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(blocks, min_size=1, max_size=4).map(tuple))
def test_any_words_read_back_the_same(theme: Theme, nodes: tuple[Block, ...]) -> None:
    markdown = write(theme, *nodes)
    assert read_words(markdown) == tree_words(nodes), markdown


def test_lists_keep_their_kinds_items_and_starts(theme: Theme) -> None:
    inner = List((ListItem((para("in"),)),), ordered=True, start=4)
    lists = (
        List((ListItem((para("a"), inner)), ListItem((para("b"),)))),
        List((ListItem((para("c"),), checked=True),)),
        List((ListItem((para("d"),)),), ordered=True, start=7, tight=False),
        List((ListItem((para("e"),)),), ordered=True, start=1),
    )
    html = READER.render(write(theme, *lists))
    assert re.findall(r"<(?:ul|ol)[^>]*>", html) == ["<ul>", '<ol start="4">', "<ul>", '<ol start="7">', "<ol>"]
    assert "[x] c" in html


def test_a_callout_is_an_alert_and_keeps_its_title(theme: Theme) -> None:
    shown = write(theme, Callout("warning", (para("One."), para("Two.")), words("Mind *this*")))
    assert shown == "> [!WARNING]\n> **Mind \\*this\\***\n>\n> One.\n>\n> Two.\n"


def test_notes_stand_at_the_end_and_only_those_that_are_called(theme: Theme) -> None:
    called = Paragraph((Text("Text"), NoteRef(2), Text("(more)")))
    shown = write(theme, called, notes=(Note(1, (para("unseen"),)), Note(2, (para("seen"), para("twice")))))
    assert shown == "Text[^2]\\(more)\n\n[^2]: seen\n\n    twice\n"
    assert "unseen" not in READER.render(shown)


def test_terms_and_states_are_written_as_the_pages_show_them(theme: Theme) -> None:
    state: State = "at_risk"
    shown = write(
        theme,
        DefinitionList((Definition(words("Term"), (para("What it means."),)),)),
        Paragraph((Status(state, "At risk"),)),
    )
    assert shown == "Term\n:   What it means.\n\n▲\u00a0At risk\n"


def test_the_contents_list_is_left_out(theme: Theme) -> None:
    toc = Toc("Contents", 1, (TocEntry(1, "1", words("One"), "one"),))
    assert write(theme, toc, Heading(1, words("One"), "one", "1")) == "# 1 One\n"


@pytest.mark.parametrize("target", ["javascript:alert(1)", "#place", "file:///etc/passwd"])
def test_a_link_that_no_page_follows_is_its_words(target: str, theme: Theme) -> None:
    assert write(theme, Paragraph((Link(target, words("go")),))) == "go\n"


def test_the_sample_reads_back_with_its_headings_and_tables(sample_document: Document, theme: Theme) -> None:
    markdown = write_markdown(sample_document, theme)
    done = run(
        [pypandoc.get_pandoc_path(), "--from=gfm", "--to=json"],
        input=markdown,
        capture_output=True,
        text=True,
        check=True,
    )
    tree = loads(done.stdout)
    titles = [node for node in walk(sample_document.sections) if isinstance(node, Paragraph) and node.role == "title"]
    headings = [node for node in walk(sample_document.sections) if isinstance(node, Heading)]
    wanted = [(1, plain_text(node.children)) for node in titles]
    wanted += [(node.level, f"{node.number} {plain_text(node.children)}".strip()) for node in headings]
    assert [(level, pandoc_words(text)) for level, _, text in pandoc_blocks("Header", tree["blocks"])] == wanted
    tables = [node for node in walk(sample_document.sections) if isinstance(node, Table)]
    sizes = [sum(len(body[3]) for body in table[4]) for table in pandoc_blocks("Table", tree["blocks"])]
    assert sizes == [len(table.body) for table in tables]


def pandoc_blocks(kind: str, value: Any) -> list[Any]:
    if isinstance(value, list):
        return [found for part in value for found in pandoc_blocks(kind, part)]
    if not isinstance(value, dict):
        return []
    own = [value["c"]] if value.get("t") == kind else []
    return own + [found for part in value.values() for found in pandoc_blocks(kind, part)]


def pandoc_words(value: Any) -> str:
    if isinstance(value, list):
        return "".join(pandoc_words(part) for part in value)
    if not isinstance(value, dict):
        return ""
    return {"Str": value.get("c"), "Space": " ", "SoftBreak": " "}.get(value.get("t", "")) or pandoc_words(
        value.get("c")
    )


def test_emphasis_is_kept_where_a_reader_would_see_it() -> None:
    pieces: tuple[Inline, ...] = (Strong(words("bold ")), Text("and"), Emphasis(words(" thin")), Text("."))
    from pipeline.write.markdown.inlines import Context, write_inlines

    assert write_inlines(pieces, Context({})) == "**bold** and *thin*."
