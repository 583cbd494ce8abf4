"""The commands of `adapter` that are more than a few lines, one module each."""
