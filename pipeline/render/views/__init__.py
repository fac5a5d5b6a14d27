"""A typed project comes in; the plain values that templates see go out."""
