"""The agreed process: how access levels and offices are proposed, weighed, approved, published and rolled back."""
