"""The bytes of a YAML file come in; plain values with their places, and problems, go out."""
