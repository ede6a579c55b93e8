"""Write rows out again: whole or not at all, every row accounted for."""
