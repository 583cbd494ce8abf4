"""The trials: for each rule of the suite, what is done to an adapter to see whether it keeps it."""
