"""Take records of the seven logs of a project; hold one subject a file; give them typed and frozen."""
