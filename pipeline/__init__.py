"""Take a Git repository of Markdown and YAML; build its project documents; give Word, PDF and HTML files."""

# A constant, not a look-up in the package's metadata: `--version` stays instant, and it works from a plain checkout.
# tests/cli/test_start.py holds it equal to pyproject.toml.
__version__ = "0.1.0"
