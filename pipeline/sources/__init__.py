"""Take a commit or work tree of a project repository; read it through Git; give a Snapshot, and YAML with its lines."""
