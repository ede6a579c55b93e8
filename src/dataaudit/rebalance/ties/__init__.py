"""Columns that go together in every training row, so that made-up rows take them together.

A sampler makes every column by itself: it votes on one category, then on the next, and puts each number between two
others. What holds between columns of every real row, it does not know of. Here it is looked for beforehand
(`finding`): columns that determine others, indicators of which exactly one is on, numbers that are sums of others,
numbers in a fixed order. Categories so tied are taken from one parent, the nearer; numbers are computed or checked once
they are made (`mending`).
"""
