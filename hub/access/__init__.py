"""Policy: reading, validating and compiling it, and saying what may be asked under it."""
