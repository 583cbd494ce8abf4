"""The commands with which an authority prepares how records are compared."""
