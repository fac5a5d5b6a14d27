"""Take a closure package that anyone may have written; check all of it without trusting any; give findings by file."""
