"""measure: numbers about a dataset, with no verdict and no rounding."""
