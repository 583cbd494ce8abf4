"""`python -m tests.linkage` measures how well records of one person are found among others."""
