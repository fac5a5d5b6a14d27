"""What is true of this machine: its settings, its cache folder, the versions of what is installed."""
