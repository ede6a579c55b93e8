"""SPLIT: rules about whether a split looks like train and can carry a result."""
