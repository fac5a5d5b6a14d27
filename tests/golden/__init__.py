"""Golden repositories: take small source trees, build them, hold what comes out against what a reviewer accepted."""
