"""What SCALE003 says of a tail, of a stretched range, and of how to mend them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataaudit.model import Evidence
from dataaudit.text import FromData, Text, show_count, show_rounded, show_share

if TYPE_CHECKING:
    from dataaudit.measure.spread.mends import Mend, Mends
    from dataaudit.measure.spread.squeeze import Squeeze
    from dataaudit.rules.scale._tails import Tail


def say_tail(column: str, tail: Tail | None, squeeze: Squeeze | None) -> Text:
    """Return the message: the tail, the range, or both."""
    template, values = "", dict[str, object](column=column)
    if tail is not None:
        template = (
            "{column} has a heavy {side} tail: its {end_name} of {end} lies {size} times as far from the median "
            "{median} as the quartile {quartile} does{positives}; 5 for a normal, 9 for an exponential."
        )
        values |= {
            "side": tail.side,
            "end_name": "P99.9" if tail.side == "right" else "P0.1",
            "end": FromData(tail.end),
            "size": show_rounded(tail.size, 2),
            "median": FromData(tail.median),
            "quartile": FromData(tail.quartile),
            "positives": ", zeros left out" if tail.of_positives else "",
        }
    if squeeze is not None:
        start = " Scaled to minimum and maximum" if template else "{column}: scaled to minimum and maximum"
        template += start + ", 99 % of its rows fill {share} of the range, from {low} to {high}{without}."
        values |= {
            "share": show_share(squeeze.share_of_range),
            "low": FromData(squeeze.middle[0]),
            "high": FromData(squeeze.middle[1]),
            "without": f"; without the {show_count(squeeze.n_rows_far, 'row')} furthest out, "
            f"{show_share(squeeze.share_of_range_without)}"
            if squeeze.n_rows_far
            else "",
        }
    return Text(template, values)


def evidence_of_tail(tail: Tail | None) -> dict[str, Evidence]:
    """Return the numbers of the tail."""
    if tail is None:
        return {}
    return {
        "side": tail.side,
        "tail": tail.size,
        "tail_lower": tail.lower,
        "median": FromData(tail.median),
        "quartile": FromData(tail.quartile),
        "end": FromData(tail.end),
    }


def evidence_of_squeeze(squeeze: Squeeze | None) -> dict[str, Evidence]:
    """Return the numbers of the range."""
    if squeeze is None:
        return {}
    return {
        "share_of_range_of_middle": squeeze.share_of_range,
        "n_rows_far": squeeze.n_rows_far,
        "share_of_range_of_middle_without": squeeze.share_of_range_without,
        "middle_low": FromData(squeeze.middle[0]),
        "middle_high": FromData(squeeze.middle[1]),
    }


WORDS = {
    "log": "A logarithm",
    "log1p": "A logarithm",
    "Yeo-Johnson": "Yeo-Johnson's transformation",
    "clipping": "Clipping",
    "ranks": "Taking ranks",
}
CODE = {
    "log": "`numpy.log(frame[{column}])`",
    "log1p": "`numpy.log1p(frame[{column}])`",
    "Yeo-Johnson": "`sklearn.preprocessing.PowerTransformer()`, fitted on the training rows,",
    "clipping": "`frame[{column}].clip(low, high)` at the P1 and P99 of the training rows",
    "ranks": "`sklearn.preprocessing.QuantileTransformer()`, fitted on the training rows,",
}


def how_to_mend(column: str, mends: Mends, mended: Mend | None) -> Text:
    """Return the transformation that mends the column, with the numbers after it, or that none does."""
    values: dict[str, object] = {"column": repr(column), "skew": f"{mends.before.skew:.1f}"}
    if mended is None:
        return Text(
            "No logarithm, no Yeo-Johnson, no clipping and no ranks make its tails and its skew of {skew} like those "
            "of an exponential: look at the cells far out, and cut the column into bins. Decision trees need nothing.",
            values,
        )
    values |= {"tail": show_rounded(mends.before.tail, 2), "after": show_rounded(mended.tail, 2)}
    values |= {"skew_after": f"{mended.skew:.1f}"}
    return Text(
        f"{{name}} mends it: {CODE[mended.name]} moves the tail from {{tail}} to {{after}} and the skew from "
        "{skew} to {skew_after}. Mend cells that are slips first; decision trees need nothing.",
        values | {"name": WORDS[mended.name]},
    )
