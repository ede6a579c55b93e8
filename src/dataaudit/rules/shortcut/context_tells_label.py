"""SPUR005: the site, the camera or whatever else a row was gathered with tells its label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dataaudit.errors import NotMeasurable
from dataaudit.model import Evidence, Finding, Role, Severity
from dataaudit.rules._annotators import names_annotator
from dataaudit.rules._base import Need, Rule
from dataaudit.rules._chance import explained_lower
from dataaudit.rules._contexts import Deviation, deviations
from dataaudit.text import Text, show_share

if TYPE_CHECKING:
    from dataaudit.measure.association import Association
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.links.contexts import ContextEffect

MOST_QUOTED = 20
LEAST_SAID = 0.01


@dataclass(frozen=True)
class ContextTellsLabel(Rule):
    """A declared context (site, camera, batch) tells the label.

    What it does
    ------------
    Takes, for every column declared with --context, the explained label
    variance P, leave-one-out, over all rows of train; and the other way round
    how much of the context the class explains, since few sites cannot tell many
    classes though each class may come from one. Then asks what is left
    once the features have spoken: extremely randomised trees predict at most
    5,000 rows out of fold, rows of the same twentieth of the prediction count
    as alike, and P is taken again of what this leaves open. Both are judged by their lower
    95 % bound. Levels whose labels differ from like rows of other levels are
    named.

    Why it matters
    --------------
    Pictures of the sick came from one hospital and those of the healthy from
    another: a model learns to tell hospitals apart, by traces nobody sees,
    and fails in the third. What the context tells beyond the features says
    that something else differs between its levels: the cases, or the labels.

    Flagged
    -------
    The site alone explains 60 % of the diagnosis.

    Clean
    -----
    Sites with somewhat more or fewer of the sick.

    Thresholds
    ----------
    warning_explained : share of the label's variance, default 0.3
        A warning from this lower bound of P on.
    error_explained : share of the label's variance, default 0.8
        An error from this lower bound of P on.
    warning_beyond : share of what the features leave open, default 0.05
        A warning from this lower bound on.
    difference_min : difference of shares, default 0.1
        Of a level's labels from like rows, for the level to be named; at
        least one must be, for a warning by `warning_beyond`.
    alpha : probability, default 0.01
        Over all levels and classes of a context (Bonferroni).

    Limits
    ------
    Cannot say whether the model sees the context: that depends on traces in
    the features. A context that tells the label is a warning even where the
    features explain why: a picture of a ward explains it too. A feature that is not in the table (a test that only one
    site makes) looks like the context. What annotators do beyond the features
    is LABEL004's.

    Fix
    ---
    Gather all classes from every level; split by the context (--group), so
    that the test shows what a new site would.

    References
    ----------
    Zech et al., PLOS Medicine 15(11) (2018), on hospitals in radiographs;
    DeGrave, Janizek and Lee, Nature Machine Intelligence 3 (2021).
    """

    code: ClassVar[str] = "SPUR005"
    name: ClassVar[str] = "context-tells-label"
    needs: ClassVar[tuple[Need, ...]] = (Need.LABEL,)
    trains_model: ClassVar[bool] = True

    warning_explained: float = 0.3
    error_explained: float = 0.8
    warning_beyond: float = 0.05
    difference_min: float = 0.1
    alpha: float = 0.01

    def judge(self, facts: Facts) -> Iterator[Finding]:
        """Yield at most one finding per context."""
        contexts = facts.info.with_role(Role.CONTEXT)
        if not contexts:
            raise NotMeasurable("needs a context column: declare it with --context")
        effects = _effects(facts)
        for context in contexts:
            alone = facts.associations.get(context.name)
            if alone is not None:
                yield from self._of_context(facts, alone, effects.get(context.name))

    def _of_context(self, facts: Facts, alone: Association, effect: ContextEffect | None) -> Iterator[Finding]:
        reverse = facts.links.reverse_associations.get(alone.column)
        lower = explained_lower(facts, alone)
        lower_reverse = 0.0 if reverse is None else explained_lower(facts, reverse)
        judged = effect is not None and not names_annotator(alone.column)
        differing = deviations(effect, self.alpha, self.difference_min) if effect is not None and judged else []
        lower_beyond = effect.beyond.lower if effect is not None and judged else None
        tells_more = bool(differing) and lower_beyond is not None and lower_beyond >= self.warning_beyond
        if max(lower, lower_reverse) >= self.error_explained:
            severity = Severity.ERROR
        elif max(lower, lower_reverse) >= self.warning_explained or tells_more:
            severity = Severity.WARNING
        else:
            return
        evidence: dict[str, Evidence] = {
            "n_rows": alone.n_rows,
            "share_label_explained": alone.explained,
            "share_label_explained_lower": lower,
            "share_context_explained": None if reverse is None else reverse.explained,
            "share_context_explained_lower": None if reverse is None else lower_reverse,
        }
        other_way = reverse if reverse is not None and lower_reverse > lower else None
        yield self._finding(facts, severity, (alone, other_way, effect), differing, evidence)

    def _finding(
        self,
        facts: Facts,
        severity: Severity,
        told: tuple[Association, Association | None, ContextEffect | None],
        differing: list[Deviation],
        evidence: dict[str, Evidence],
    ) -> Finding:
        alone, other_way, effect = told
        if effect is not None:
            evidence |= {
                "n_rows_compared": effect.n_rows,
                "share_left_open_explained": effect.beyond.explained,
                "share_left_open_explained_lower": effect.beyond.lower,
                "levels_that_differ": [one.sentence for one in differing[:MOST_QUOTED]],
            }
        return self.finding(
            severity,
            _message(facts, alone, other_way, effect, differing),
            columns=(alone.column,),
            evidence=evidence,
            fix=Text(
                "Gather every class from all of {column}, and keep its levels apart when splitting: "
                "`dataaudit audit ... --group {column}`.",
                {"column": alone.column},
            ),
        )


def _effects(facts: Facts) -> dict[str, ContextEffect]:
    """Return what the contexts tell beyond the features; nothing where no model can be tried."""
    try:
        return dict(facts.links.context_effects)
    except NotMeasurable:
        return {}


def _message(
    facts: Facts,
    alone: Association,
    other_way: Association | None,
    effect: ContextEffect | None,
    differing: list[Deviation],
) -> Text:
    template = "{column} alone explains {alone} of the variance of {label}"
    values: dict[str, object] = {
        "column": alone.column,
        "label": facts.label,
        "alone": show_share(max(0.0, alone.explained)),
    }
    if other_way is not None:
        template += " (and {label} {other_way} of that of {column})"
        values["other_way"] = show_share(other_way.explained)
    if effect is not None and effect.beyond.explained >= LEAST_SAID:
        template += ", and {beyond} of what the features leave open"
        values["beyond"] = show_share(max(0.0, effect.beyond.explained))
    if differing:
        template += "; most where {level}"
        values["level"] = differing[0].sentence
    return Text(template + ".", values)
