"""A folder that Git knows comes in; commits, trees, refs and the state of the work tree go out."""
