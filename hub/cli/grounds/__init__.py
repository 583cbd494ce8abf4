"""The commands of going without consent: `hub officer`, `hub break-glass`, `hub duty` and `hub contact`."""
