"""Take the sample document; check that it holds every class of the tree, so that tests on it mean something."""

from __future__ import annotations

from pipeline.document import tree
from pipeline.document.tree import Document


def collect_classes(value: object) -> set[str]:
    found = {type(value).__name__}
    if isinstance(value, tuple):
        return found.union(*(collect_classes(item) for item in value))
    if hasattr(value, "__dataclass_fields__"):
        return found.union(*(collect_classes(getattr(value, name)) for name in value.__dataclass_fields__))
    if isinstance(value, dict):
        return found.union(*(collect_classes(item) for item in value.values()))
    return found


def test_sample_document_uses_every_class_of_the_tree(sample_document: Document) -> None:
    classes = {
        name
        for name, item in vars(tree).items()
        if getattr(item, "__module__", "") == tree.__name__ and isinstance(item, type)
    }
    assert classes - collect_classes(sample_document) == set()
