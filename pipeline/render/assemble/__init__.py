"""A template and a narrative come in; the finished tree of a document goes out."""
