"""Take the targets of links and images in Markdown; settle what paper can keep of them; give inlines and problems."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from pipeline.document.addresses import SCHEMES, is_address
from pipeline.document.tree import Inline, Inlines, Link, Picture, Text
from pipeline.document.walk import rewrite
from pipeline.problems import Severity, did_you_mean
from pipeline.render.assets import read_asset
from pipeline.render.markdown.parser import Reader

_LONGEST_SHOWN = 80
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read_link(target: str, children: Inlines, title: str, reader: Reader) -> Iterator[Inline]:
    """Yield a link that works on paper and screen, or its words where it would not."""
    children = rewrite(children, lambda node: node.children if isinstance(node, Link) else node)
    if target.startswith("#") and len(target) > 1:
        yield reader.page.mark(Link("#" + unquote(target[1:]), children, title), reader.place)
        return
    if is_address(target):
        yield reader.page.mark(Link(target, children, title), reader.place)
        return
    if _SCHEME.match(target) or target.startswith("//"):
        hint = _SOUND if target.partition(":")[0].lower() in SCHEMES else _KEPT
        reader.page.warn("DB323", f"the link to `{_cut(target)}` is not kept, its words are", reader.place, hint)
    elif not target:
        reader.page.warn("DB322", "a link names no target, its words are kept", reader.place, "write one, or no link")
    elif _resolve(target, reader) not in reader.page.door and not _is_folder(target, reader):
        message = f"the link to `{target}` leads nowhere, its words are kept"
        reader.page.warn("DB322", message, reader.place, _near(target, reader, "warning"))
    yield from children


_KEPT = "links that a document keeps begin with https:, http:, mailto: or #"
_SOUND = "name a host that there can be; Word takes 2000 letters at most"


def _resolve(target: str, reader: Reader) -> str:
    path = unquote(re.split("[?#]", target, maxsplit=1)[0])
    if path.startswith("/"):
        return posixpath.normpath(path.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(reader.file), path))


def _is_folder(target: str, reader: Reader) -> bool:
    path = _resolve(target, reader)
    return path in (".", reader.file) or reader.page.door.has_folder(path)


def _near(target: str, reader: Reader, severity: Severity) -> str:
    if not reader.page.problems.takes(severity):
        return ""
    path = _resolve(target, reader)
    name = posixpath.basename(path)
    known = {posixpath.basename(p): p for p in reader.page.door.snapshot.files}
    hint = did_you_mean(name, known)
    return hint if hint.startswith("did") else ""


def read_image(source: str, alt: str, reader: Reader) -> Iterator[Inline]:
    """Yield a picture of the repository, or what is left of one that cannot be shown: its words, its link."""
    if _SCHEME.match(source) or source.startswith("//"):
        yield from _read_remote(source, alt, reader)
        return
    path = _resolve(source, reader)
    if path.startswith("..") or not source:
        reader.page.fail("DB331", f"the image `{source}` is outside the repository", reader.place, _INSIDE)
    elif path not in reader.page.door:
        hint = _near(source, reader, "error") or _INSIDE
        reader.page.fail("DB332", f"the image `{source}` does not exist", reader.place, hint)
    elif (name := read_asset(path, reader.page, reader.place)) is not None:
        yield reader.page.mark(Picture(name, alt), reader.place)
        return
    if alt:
        yield Text(alt)


_INSIDE = "keep pictures in the repository, for example in an images/ folder beside the text"


def _read_remote(source: str, alt: str, reader: Reader) -> Iterator[Inline]:
    shown = _cut(source)
    reader.page.warn(
        "DB324", f"the image `{shown}` is not in the repository, its words are kept", reader.place, _INSIDE
    )
    words: Inlines = (Text(alt or shown),)
    yield from (Link(source, words),) if is_address(source) else words


def _cut(target: str) -> str:
    return target if len(target) <= _LONGEST_SHOWN else target[: _LONGEST_SHOWN - 3] + "…"
