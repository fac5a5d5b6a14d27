"""Whatever starts a build or shows it: watching, hooks, a central repository, the preview."""
