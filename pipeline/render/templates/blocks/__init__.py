"""Take calls from templates; make the blocks that they name; give tokens for the text."""
