"""The workshop: weighs policies in a process of its own, so that the hub goes on answering meanwhile."""
