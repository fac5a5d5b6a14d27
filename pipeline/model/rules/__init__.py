"""Take a project that was read and where its records stand; check them against each other; give problems."""
