"""Who asks what for which purpose, and what they see: tables that are run, and published as docs/behaviour.md."""
