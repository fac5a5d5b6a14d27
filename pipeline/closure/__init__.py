"""Take a project at a commit; hold it against the closing rules; seal it as a package that proves itself."""
