"""Baselines: take a project as it is at a commit; list its configuration items in a tag; list, compare, verify tags."""
