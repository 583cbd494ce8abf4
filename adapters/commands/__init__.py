"""The commands of the `adapter` program, each in a module of its own."""
