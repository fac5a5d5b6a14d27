"""Golden repositories: take small source trees, build them, and hold what comes out against what a reviewer accepted."""
