"""What the parts of a view of a project need of the whole: the protocol that `View` meets."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from pipeline.controls.figures import Figures
from pipeline.document.tree import Status
from pipeline.render.views.records import Lazy, Record
from pipeline.render.words import Words


class Viewer(Protocol):
    """A view of a project on one day, as its parts see it."""

    @property
    def figures(self) -> Figures:
        """Return the figures of the day."""

    @property
    def words(self) -> Words:
        """Return the language of the document."""

    @property
    def day(self) -> date:
        """Return the day as of which the document speaks."""

    def light(self, light: str) -> Status:
        """Return a traffic light with its word."""

    def show(self, value: Any) -> Any:
        """Return a value as templates may see it."""

    def field(self, record: Any, name: str) -> Any:
        """Return a field of a record as templates may see it: a person in place of an id."""

    def fields(self, value: Any, **more: Any) -> Record:
        """Return a record as templates may see it, with further values."""

    def lazy(self, make: Any, *subjects: str) -> Lazy:
        """Return a value worked out, and its subjects noted, when a template asks for it."""
