"""Tests over the sample repository: its documents, built once, held against the tree, the sources and each other."""
