"""How rows lie in the space of the features."""
