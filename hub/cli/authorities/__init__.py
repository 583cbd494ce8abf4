"""The operator's commands of `hub keys`."""
