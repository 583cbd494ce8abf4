"""Children with a story: the same for every seed, so that a demonstration can ask for them by their keys."""
