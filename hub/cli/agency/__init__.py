"""The commands of `hub agency` that call a hub."""
