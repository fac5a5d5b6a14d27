"""Take one charter; make it with Deedbox, pandoc and docxtpl; give a table of what can be measured in the files."""
