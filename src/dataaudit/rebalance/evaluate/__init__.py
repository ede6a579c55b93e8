"""Does rebalancing help here? A cross-validation in which only training parts are resampled, and what it advises.

`running.evaluate_facts(facts, comparison, say)` is what other code calls, `api.evaluate_strategies` what users call.
Every way of training is tried with two plain models: on the training part of a fold as it is, weighted by class, or
resampled; scored on the other part, whose classes have their natural shares. `advice` picks the simplest that is not
clearly worse.
"""
