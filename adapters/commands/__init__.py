"""The commands of the program `adapter`, one module for each."""
