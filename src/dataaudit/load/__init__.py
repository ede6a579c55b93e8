"""load: paths, globs and frames become a Dataset with typed columns and roles."""
