"""Take work that reads what contributors wrote; have it done in processes that reach nothing; give their answers."""
