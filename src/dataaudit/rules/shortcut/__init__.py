"""SPUR: rules about values that give the label away."""
