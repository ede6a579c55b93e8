"""A class mix in one sentence, for a reader who knows no statistics."""

from __future__ import annotations

from dataaudit.figures import ClassMix, ClueClass, LabelClues
from dataaudit.text import FromData, Text, show_count

LEAST_DROP = 0.1
SHORTEST_WORD = 3
NO_WORDS = ("true", "false", "yes", "no", "nan")


def reading(clues: LabelClues, mix: ClassMix, *, is_first: bool = False) -> Text:
    """Return what to read from a mix: how many rows of the most telling value are of its class, split by split."""
    row, place = mix.rows[mix.told_row], mix.classes.index(mix.told)
    are, class_values = class_words(clues, clues.classes[mix.told])
    again = "are" if are.startswith("are") else "do"
    counts = row.counts["train"]
    whole = mix.everything.counts["train"]
    values: dict[str, object] = {
        "rows": show_count(sum(counts), "row"),
        "column": mix.column,
        "value": FromData(row.name),
        "share": show_percent(counts[place], sum(counts)),
        "usual": show_percent(whole[place], sum(whole)),
        **class_values,
    }
    template = ("Read it like this: of" if is_first else "Of") + " the {rows} " + _which(mix) + " in train, {share} "
    template += are + ", against {usual} of all rows."
    for number, split in enumerate(mix.splits[1:]):
        found = row.counts[split]
        values |= {f"split_{number}": split, f"n_{number}": f"{sum(found):,}"}
        if sum(found) == 0:
            template += f" In {{split_{number}}}, there is no such row."
            continue
        drops = found[place] / sum(found) < counts[place] / max(1, sum(counts)) - LEAST_DROP
        values[f"share_{number}"] = show_percent(found[place], sum(found))
        such = "the one such row" if sum(found) == 1 else f"the {{n_{number}}} such rows"
        template += f" In {{split_{number}}}, {'only ' if drops else ''}{{share_{number}}} of {such} {again}."
    return Text(template, values)


def class_words(clues: LabelClues, one: ClueClass) -> tuple[str, dict[str, object]]:
    """Return how a sentence says that rows are of a class: "are {name}", or "have {label} = {name}"."""
    if clues.is_ordered:
        bounds = "" if one.bounds is None else " ({bounds})"
        return f"have a {one.name} {{label}}{bounds}", {
            "label": clues.label,
            "bounds": None if one.bounds is None else FromData(one.bounds),
        }
    values: dict[str, object] = {"label": clues.label, "name": FromData(one.name)}
    is_word = one.name.isalpha() and len(one.name) >= SHORTEST_WORD and one.name.lower() not in NO_WORDS
    return ("are {name}" if is_word else "have {label} = {name}"), values


def show_percent(n_hits: int, n_rows: int) -> str:
    """Return a share in whole per cent that never rounds to a false 0 or 100.

    >>> show_percent(291, 294), show_percent(1, 3), show_percent(999, 1000), show_percent(0, 5), show_percent(0, 0)
    ('99 %', '33 %', 'over 99 %', '0 %', '–')
    """
    if n_rows <= 0:
        return "–"
    percent = 100 * n_hits / n_rows
    if 0 < percent < 0.5:
        return "under 1 %"
    if 99.5 <= percent < 100:
        return "over 99 %"
    return f"{percent:.0f} %"


def show_tenths(share: float) -> str:
    """Return a share in per cent with a tenth where it is near 0 or 100, never a false 0 or 100.

    >>> show_tenths(0.463), show_tenths(0.0534), show_tenths(0.9996), show_tenths(0.0001), show_tenths(0.0)
    ('46 %', '5.3 %', 'over 99.9 %', 'under 0.1 %', '0 %')
    """
    percent = 100 * share
    if 0 < percent < 0.05:
        return "under 0.1 %"
    if 99.95 <= percent < 100:
        return "over 99.9 %"
    return f"{percent:.0f} %" if 9.95 <= percent < 98.95 or percent in (0, 100) else f"{percent:.1f} %"


def _which(mix: ClassMix) -> str:
    row = mix.rows[mix.told_row]
    if row.is_missing:
        return "where {column} is missing"
    if not row.from_data:
        return "with another {column}"
    return "with {column} {value}" if row.is_interval else "with {column} = {value}"
