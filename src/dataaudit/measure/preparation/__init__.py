"""Traces of scaling, imputation and target encoding in the numbers themselves."""
