"""Take the text of a YAML file that has been read before; find a value in it; give the mark where it stands."""

from __future__ import annotations

from typing import Any

import yaml

from pipeline.sources.yaml.values import BadScalar, resolve_scalar


def read_tree(text: str) -> Any:
    """Return libyaml's tree of a text, or None if there is none."""
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None


def find_mark(tree: Any, path: tuple[Any, ...], *, key: bool = False) -> Any:
    """Return the mark of the value at a path (or of its key), else of the nearest one around it."""
    if tree is None:
        return None
    key_node = node = tree
    for step in path:
        found = _step(node, step)
        if found is None:
            break
        key_node, node = found
    return (key_node if key else node).start_mark


def _step(node: Any, step: Any) -> tuple[Any, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step], node.value[step]
    if isinstance(node, yaml.MappingNode):
        pairs = [(name, value) for name, value in node.value if isinstance(name, yaml.ScalarNode)]
        text = str(step)
        same = next((pair for pair in pairs if pair[0].value == text), None)
        return same or next((pair for pair in pairs if _is_named(pair[0], step)), None)
    return None


def _is_named(name: Any, step: Any) -> bool:
    """A validator may give a key back as text, whatever it was: `2026` and "2026" both name the key 2026."""
    try:
        return not name.style and bool(resolve_scalar(name.value) == step)
    except BadScalar:
        return False
