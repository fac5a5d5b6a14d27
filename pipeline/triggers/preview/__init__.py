"""Take what a watch has built; show it in a browser; renew the page that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.scratch import open_scratch
from pipeline.archive.store.place import find_store
from pipeline.build.request import Request
from pipeline.triggers.preview.app import make_app
from pipeline.triggers.preview.outputs import Shelf
from pipeline.triggers.preview.server import Server, make_open_warning, open_socket, read_address
from pipeline.triggers.preview.state import Last, State
from pipeline.triggers.watch.events import Built, Event, Noticed, Renewed, Serving

__all__ = ["Preview", "open_preview"]
_PAGES = "preview"


@dataclass
class Preview:
    """A preview at work. `pages` is where web pages go that are made for it alone."""

    pages: Path
    shelf: Shelf
    state: State
    tell: Callable[[Event], None]

    def hear(self, told: Event) -> None:
        """Hear what is told, and pass it on; new web pages are shown while the rest is still being built."""
        if isinstance(told, Renewed):
            self.state.publish(Last(True, told.problems))
        self.tell(told)

    def take(self, built: Built) -> None:
        """Take what came of a build."""
        if built.output:
            self.shelf.folders = (built.output, self.pages)
        self.state.publish(Last(not built.exit_code, built.problems))


@contextmanager
def open_preview(address: str, request: Request, tell: Callable[[Event], None]) -> Iterator[Preview]:
    """Give a preview for the time of a `with` block; Stop where the address is none, or taken."""
    place = read_address(address)
    listening = open_socket(place)
    output = request.output or request.root / "build"
    with _open_pages(request.root) as pages:
        shelf, state = Shelf((output, pages)), State()
        server = Server(make_app(shelf, state, is_open=place.is_open), listening, state)
        try:
            if place.is_open:
                tell(Noticed(make_open_warning(place)))
            tell(Serving(server.url))
            yield Preview(pages, shelf, state, tell)
        finally:
            server.close()


@contextmanager
def _open_pages(root: Path) -> Iterator[Path]:
    """Give the folder for pages that are made for the preview alone: in the store, else one that goes away again."""
    store = find_store(root)
    if store:
        yield store / _PAGES
        return
    with open_scratch(_PAGES) as folder:
        yield folder / _PAGES
