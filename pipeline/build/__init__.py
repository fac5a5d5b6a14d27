"""The line itself: a snapshot comes in, projects are rendered, planned, written and saved, a report goes out."""
