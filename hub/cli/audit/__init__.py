"""The commands that look into the record."""
