"""Take a name and what it marks; number the bookmark; give it around its content."""

from __future__ import annotations

from pipeline.write.docx.writing import Writing


def write_bookmark(writing: Writing, name: str, content: str = "") -> str:
    """Return the content between the marks of a bookmark; a name is marked once, where it stands first."""
    if name in writing.marked:
        return content
    writing.marked.add(name)
    number = next(writing.bookmarks)
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def write_target(writing: Writing, name: str, content: str = "") -> str:
    """Return the content in the bookmark of an id of the tree; an empty id marks nothing."""
    target = writing.targets.get(name)
    return write_bookmark(writing, target.bookmark, content) if target else content


def write_shown(writing: Writing, name: str, content: str) -> str:
    """Return the words that references to an id repeat, in the hidden bookmark that their fields name."""
    target = writing.targets.get(name)
    return write_bookmark(writing, target.reference, content) if target and target.reference else content
