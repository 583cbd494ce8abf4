"""Questions about invented children, with records of the child and of people who are easily taken for the child."""
