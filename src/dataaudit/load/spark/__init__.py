"""load on Spark: files, tables and frames become relations of its session, with numbered rows."""
