"""The text of a template comes in, and runs within bounds; Markdown with marks for values goes out."""
