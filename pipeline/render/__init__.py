"""Take a project, a template and prose; run and read them; give a format-neutral document tree."""
