"""SCALE: rules about the scale of numeric features."""
