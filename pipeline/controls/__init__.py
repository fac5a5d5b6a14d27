"""Take a project and a day; compute what its records mean on that day; give figures."""
