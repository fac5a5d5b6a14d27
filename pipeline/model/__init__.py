"""Take a snapshot's files; hold what a risk, task, deliverable or stakeholder is; give typed projects and problems."""
