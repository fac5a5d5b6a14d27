"""Take the text of a deedbox.yaml that names many projects; let it name one; leave all else as it is written."""

from __future__ import annotations

import yaml

from pipeline.closure.people_file import make_note


def trim_projects(data: bytes, project: str, seed: bytes) -> bytes:
    """Return the text with one project under `projects`; as it is where no other stands there, or it cannot be read."""
    try:
        text = data.decode("utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return data
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "projects" and isinstance(value, yaml.SequenceNode):
            names = [node.value for node in value.value]
            return data if set(names) <= {project} else _replace(text, value, project if project in names else "", seed)
    return data


def _replace(text: str, node: yaml.SequenceNode, name: str, seed: bytes) -> bytes:
    """A list in brackets ends behind its bracket, any other where the next key begins."""
    end = "" if node.flow_style else "\n"
    start, rest = text[: node.start_mark.index], text[node.end_mark.index :]
    whole = f"{start}[{name}]{end}{rest}"
    return whole.encode() + (b"" if whole.endswith("\n") else b"\n") + make_note(text.encode(), "other projects", seed)
