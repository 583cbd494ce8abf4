"""`hub policy`: access levels as they are, and the agreed process by which they change."""
