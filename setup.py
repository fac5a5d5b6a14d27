"""Take the tree; name every package in it, so that a new one is listed nowhere; all else stands in pyproject.toml."""

from setuptools import find_packages, setup

# `pipeline.templates` is the top-level folder templates/: see `package-dir` there.
setup(packages=[*find_packages(include=["pipeline", "pipeline.*"]), "pipeline.templates"])
