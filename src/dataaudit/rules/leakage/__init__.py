"""LEAK: rules about what train knows of the other splits, and features that know the label."""
