"""What a writer may see: the tree of a document and the theme, and what reads, walks and packs them."""
