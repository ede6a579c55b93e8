"""LABEL: rules about the correctness of labels."""
