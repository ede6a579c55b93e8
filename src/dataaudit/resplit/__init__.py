"""resplit: one table becomes train, validation and test, or folds, with what belongs together on one side."""
