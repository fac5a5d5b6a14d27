"""Take documents that were built; let judges of others look at them; give one table of what they said."""
