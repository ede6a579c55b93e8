"""Notes that a folder and a frame have in common: ids and weights to mind, and how to correct a probability."""

from __future__ import annotations

import re
from collections.abc import Mapping
from shlex import quote

from dataaudit.model import Role
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.near import held_out
from dataaudit.rebalance.request import TRAIN, WEIGHT_NAMES, Plan, class_weights
from dataaudit.rebalance.strategies import WEIGHTS
from dataaudit.text import REDACTED, Told, join_words, show_count, show_rounded

MOST_CLASSES = 10
WEIGHT_NAME = re.compile("|".join([*WEIGHT_NAMES, r"weight_\d+"]), re.IGNORECASE)


def near_note(opened: Opened, plan: Plan, n_near: int) -> tuple[str, ...]:
    """Return what to say of rows that may not be parents, where held-out rows were looked at."""
    if not (plan.grown and held_out(opened)):
        return ()
    one, several = ("region", "regions") if plan.is_regression else ("class", "classes")
    verb = "made up of it" if plan.request.strategy.makes_rows else "repeated of it"
    if n_near == 0:
        return (f"No row of a growing {one} is near a held-out row.",)
    return (f"{show_count(n_near, 'row')} of growing {several} lie near a held-out row: nothing is {verb}.",)


def id_note(opened: Opened, n_synthetic: int) -> tuple[str, ...]:
    """Return what to say of made-up rows that have another row's id."""
    ids = [repr(column.name) for column in opened.dataset.info.with_role(Role.ID)]
    if not (ids and n_synthetic):
        return ()
    return (f"Made-up rows carry the id of a parent in {join_words(ids)}: give them ids of their own before a join.",)


def weight_note(plan: Plan, holder: str) -> Told:
    """Return what the weights are.

    Parameters
    ----------
    plan : Plan
    holder : str
        What holds them, as a sentence begins.
    """
    weights = class_weights(plan)
    listed = list(weights.items())[:MOST_CLASSES]
    more = f" and {len(weights) - len(listed):,} more" if len(weights) > len(listed) else ""
    named, unnamed = (
        f"{holder} holds each row's weight: {words}{more}. Give it to the model as sample weights, not as a feature."
        for words in (
            ", ".join(f"{plan.names[code]!r} {weight:.4g}" for code, weight in listed),
            ", ".join(f"{REDACTED} {weight:.4g}" for _, weight in listed),
        )
    )
    return Told(named, unnamed)


def earlier_weights_note(opened: Opened, plan: Plan) -> tuple[str, ...]:
    """Return what to say of columns that an earlier run must have written as weights: one number for each class."""
    names = [name for name in opened.dataset.sources[TRAIN].names if _is_earlier_weight(opened, plan, name)]
    if not names:
        return ()
    verb, them = ("has", "it") if len(names) == 1 else ("have", "them")
    shown = join_words([repr(name) for name in names])
    options = " ".join(excluding(name) for name in names)
    words = f"{shown} {verb} one number for each class, as weights of an earlier run: do not train on {them}, and"
    return (f"{words} leave {them} out with {options}.",)


def excluding(name: str) -> str:
    """Return the option that leaves a column out, as it is typed.

    >>> excluding("weight"), excluding("my weight")
    ('--exclude weight', "--exclude 'my weight'")
    """
    return f"--exclude {quote(name)}"


def _is_earlier_weight(opened: Opened, plan: Plan, name: str) -> bool:
    dataset = opened.dataset
    if not WEIGHT_NAME.fullmatch(name) or name in opened.settings.exclude or name == dataset.info.label:
        return False
    source, rows = dataset.sources[TRAIN], plan.source_rows
    cell = f"r{source.names.index(name)}"
    found = opened.engine.rows(
        f"SELECT {rows.code} AS k, count(DISTINCT {cell}), min({cell}) FROM {rows.relation} AS source "
        f"WHERE {rows.code} IS NOT NULL GROUP BY 1"
    )
    return all(n == 1 for _, n, _ in found) and len({value for _, _, value in found}) > 1


def advice(plan: Plan, n_after: Mapping[int, int]) -> list[str]:
    """Return how to correct what a model says that was trained on these shares.

    Parameters
    ----------
    plan : Plan
    n_after : mapping of class to rows written
        Of weights, the rows as they are: what the weights come to is the plan's.
    """
    is_weighted = plan.request.strategy.name == WEIGHTS
    after = plan.wanted if is_weighted else n_after
    if all(after.get(code) == n for code, n in plan.counts.items()):
        return ["Every row weighs 1: there was nothing to do."] if is_weighted else [_nothing(plan)]
    if plan.is_regression:
        return []
    factors = _factors(plan, after)
    what = "with these weights" if is_weighted else "on these shares"
    start = f"A model trained {what} overstates what was made commoner: "
    if len(factors) == 2:
        rare, other = sorted(factors, key=lambda code: plan.counts[code])
        a, b = show_rounded(factors[rare]), show_rounded(factors[other])
        rule = f"to {a} p / ({a} p + {b} (1 - p)), by each class's share before over its share after."
        return [
            Told(
                f"{start}correct its probability p of {plan.names[rare]!r} {rule}",
                f"{start}correct its probability p of the rarer class {rule}",
            )
        ]
    rule = "correct its probabilities p_k to p_k w_k / sum_j p_j w_j, w each class's share before over that after: "
    listed = sorted(factors, key=lambda code: plan.counts[code])
    named, unnamed = (
        join_words([f"{name} {show_rounded(factors[code])}" for code, name in pairs], most=MOST_CLASSES)
        for pairs in (
            [(code, repr(plan.names[code])) for code in listed],
            [(code, REDACTED) for code in listed],
        )
    )
    return [Told(f"{start}{rule}{named}.", f"{start}{rule}{unnamed}.")]


def _nothing(plan: Plan) -> str:
    what = "region of the target" if plan.is_regression else "class"
    return f"Every {what} has as many rows as before: there was nothing to do."


def _factors(plan: Plan, after: Mapping[int, int]) -> dict[int, float]:
    """Return each class's share before over its share after."""
    n_before, n_after = sum(plan.counts.values()), sum(after.values())
    return {code: n / n_before * n_after / after[code] for code, n in plan.counts.items() if after.get(code)}
