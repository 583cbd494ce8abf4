"""Youth offending: one wide table and its orders, as an off-the-shelf product of the nineties laid them out."""
