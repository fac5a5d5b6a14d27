"""How fast builds are, each as a ratio against a peer within one run: `python -m benchmarks`."""
