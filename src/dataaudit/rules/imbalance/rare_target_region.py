"""IMB005: a few rows of a numeric target hold its variance, and stretches of its range hold hardly a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.figures import Histogram
from dataaudit.model import Finding, Severity
from dataaudit.rules._base import Need, Rule
from dataaudit.text import FromData, Text, show_count, show_number, show_share

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.target_regions import TargetRegions

Z_ONE_SIDED = 1.645


@dataclass(frozen=True)
class RareTargetRegion(Rule):
    """A hundredth of the training rows holds most of a numeric target's variance.

    What it does
    ------------
    Takes the hundredth of the training rows whose target lies furthest from
    the mean, and the share of all squared distances from the mean that they
    have. Of a normal target that is 8 %, of an exponential one 22 %. Judged
    with its standard error over rows. Names the tenths of the target's range
    that hold hardly a row, and gives the errors of a model without skill: the
    mean's squared error, the median's absolute one.

    Why it matters
    --------------
    Squared error is decided by a few rows there: a model is good, or bad, for
    one row in a hundred. And what is rare is not learnt: trained on small
    earthquakes, a model is confident, and wrong, about large ones.

    Flagged
    -------
    Prices of which 1 % lie so far out that they hold 70 % of the variance.

    Clean
    -----
    A normal, a uniform or an exponential target.

    Thresholds
    ----------
    info_share : share of squared distances, default 0.25
        An info from this share on.
    warning_share : share of squared distances, default 0.5
        A warning from this share on.
    sure_part : fraction, default 0.75
        The lower 95 % bound must be at least this fraction of the threshold:
        where one row decides, it is as good as unknown.
    n_rows_min : rows, default 200
        Below this a hundredth of the rows is one.
    thin_share : share of rows, default 0.005
        Tenths of the range with fewer rows are named.

    Limits
    ------
    Whether the rare region is what matters only you can say. Spikes, caps and
    codes at the ends are LABEL006's; with these mended, look again.

    Fix
    ---
    Predict the logarithm, or a rank; judge by the absolute error as well, and
    by region; gather or weight rows of the rare region in train.

    References
    ----------
    Torgo et al., Resampling strategies for regression, Expert Systems 32(3)
    (2015); Branco, Torgo and Ribeiro, ACM Computing Surveys 49(2) (2016).
    """

    code: ClassVar[str] = "IMB005"
    name: ClassVar[str] = "rare-target-region"
    needs: ClassVar[tuple[Need, ...]] = (Need.REGRESSION,)

    info_share: float = 0.25
    warning_share: float = 0.5
    sure_part: float = 0.75
    n_rows_min: int = 200
    thin_share: float = 0.005

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding."""
        found = facts.target_regions
        lower = found.share_outermost - Z_ONE_SIDED * found.standard_error
        if found.n_rows < self.n_rows_min:
            return
        for severity, least in ((Severity.WARNING, self.warning_share), (Severity.INFO, self.info_share)):
            if found.share_outermost >= least and lower >= self.sure_part * least:
                yield self._finding(facts, found, severity, max(0.0, lower))
                return

    def _finding(self, facts: Facts, found: TargetRegions, severity: Severity, lower: float) -> Finding:
        thin = [i for i, n_rows in enumerate(found.counts) if n_rows < self.thin_share * found.n_rows]
        return self.finding(
            severity,
            Text(
                "{rows} of {n_rows} hold {share} of the variance of {label}; {n_thin} of the ten parts of its range "
                "{verb} fewer than {thin_share} of the rows. No-skill values: R² 0, root mean squared error {sd} "
                "(always answering the mean), mean absolute error {mad} (the median).",
                {
                    "rows": show_count(found.n_outermost, "row"),
                    "n_rows": f"{found.n_rows:,}",
                    "share": show_share(found.share_outermost),
                    "label": facts.label,
                    "n_thin": len(thin),
                    "verb": "has" if len(thin) == 1 else "have",
                    "thin_share": show_share(self.thin_share),
                    "sd": FromData(float(f"{found.sd:.3g}")),
                    "mad": FromData(float(f"{found.mean_absolute_deviation:.3g}")),
                },
            ),
            columns=(facts.label,),
            evidence={
                "n_rows": found.n_rows,
                "n_rows_outermost": found.n_outermost,
                "share_of_variance_outermost": found.share_outermost,
                "share_of_variance_outermost_lower": lower,
                "no_skill_r_squared": 0.0,
                "no_skill_root_mean_squared_error": FromData(found.sd),
                "no_skill_mean_absolute_error": FromData(found.mean_absolute_deviation),
                "n_rows_by_tenth_of_range": list(found.counts),
                "thin_regions": [
                    FromData(f"{show_number(found.edges[i])} to {show_number(found.edges[i + 1])}: {found.counts[i]:,}")
                    for i in thin
                ],
            },
            fix=Text(
                "Predict the logarithm or the rank of {label}, judge by absolute error and by region too, and gather "
                "or weight rows of the rare regions in train.",
                {"label": facts.label},
            ),
            figure=Histogram(
                f"{facts.label} in train",
                found.edges,
                {"train": tuple(n_rows / found.n_rows for n_rows in found.counts)},
            ),
        )
