"""The recommendation in sentences: what decided, whether resampling helps, what it does to probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dataaudit.rebalance.evaluate.advice import Compared, Tried
from dataaudit.rebalance.evaluate.scores import CALIBRATION_ERROR, CORRECTED, LOG_LOSS, SCORES, Score
from dataaudit.rebalance.evaluate.ways import NONE, THRESHOLD, UNCHANGED, title
from dataaudit.text import join_words, show_rounded

Shares = Mapping[str, float]


def give_reasons(
    tried: Tried,
    compared: Compared,
    shares: Shares,
    after: Mapping[str, Shares],
    thresholds: Mapping[str, float],
    rare: str | None,
    prior: Shares,
) -> list[str]:
    """Return sentences, the most important first.

    Parameters
    ----------
    tried : Tried
    compared : Compared
    shares : mapping of class to share
        As the classes came.
    after : mapping of way to mapping of class to share
        As models were trained.
    thresholds : mapping of model to float
    rare : str or None
        The rarer of two classes.
    prior : mapping of class to probability
        Where the model will be used, as far as it was declared.
    """
    return [
        _recommendation(tried, compared),
        *_worse(tried, compared),
        *_use(compared, thresholds, rare),
        *_help(tried, compared),
        *_calibration(tried, compared),
        *_correction(tried, compared, shares, after, rare, prior),
        *_other_models(compared),
    ]


def _recommendation(tried: Tried, compared: Compared) -> str:
    names = join_words([SCORES[name].title for name in compared.deciding])
    model = compared.model
    why = f"the simplest that is not clearly worse than the best in {names} (of the {model}"
    if len(tried.models) > 1:
        first = SCORES[compared.deciding[0]]
        rest = [other for other in tried.models if other != model]
        best = {
            one: max((tried.gain(way, one, first), tried.mean(way, one, first.name)) for way in tried.ways)[1]
            for one in tried.models
        }
        against = " and ".join(f"{best[other]:.3f} of the {other}" for other in rest)
        why += f", whose best {first.title} is {best[model]:.3f} against {against}"
    return f"Recommended: {title(compared.recommended)}, {why})."


def _worse(tried: Tried, compared: Compared) -> Iterator[str]:
    for way, names in compared.worse.items():
        for name in names[:1]:
            best = compared.best[name]
            yield (
                f"{_start(title(way))} is clearly worse in {SCORES[name].title}: "
                f"{_difference(tried, way, best, compared.model, SCORES[name])}."
            )


def _use(compared: Compared, thresholds: Mapping[str, float], rare: str | None) -> Iterator[str]:
    if compared.recommended != THRESHOLD:
        return
    value = thresholds[compared.model]
    if rare is None:
        yield (
            f"Train on the rows as they are, and tell the class with the largest probability / share^{value:.1f}; "
            "choose the exponent on rows the model was not trained on."
        )
        return
    yield (
        f"Train on the rows as they are, and tell {rare!r} from a probability of about {show_rounded(value, 2)} on "
        "instead of 0.5; choose the threshold of your own model on rows it was not trained on."
    )


def _help(tried: Tried, compared: Compared) -> Iterator[str]:
    """Say whether any resampling is better than leaving the rows as they are, with a threshold if need be."""
    model = compared.model
    samplers = [way for way in tried.ways if way not in UNCHANGED]
    gains, no_gain = [], []
    for name in compared.deciding:
        score = SCORES[name]
        plain = max((way for way in UNCHANGED if way in tried.ways), key=lambda way: tried.gain(way, model, score))
        confidence = 1 - 0.05 / max(1, len(samplers))
        better = [way for way in samplers if tried.is_worse(plain, way, model, score, confidence)]
        if better:
            best = max(better, key=lambda way: tried.gain(way, model, score))
            gains.append(f"in {score.title} {_difference(tried, best, plain, model, score)}")
        else:
            best = max(samplers, key=lambda way: tried.gain(way, model, score))
            no_gain.append(f"in {score.title} {_difference(tried, best, plain, model, score)}")
    if gains:
        yield f"Resampling or weights help here: {'; '.join(gains)}."
    else:
        yield f"Resampling and weights do not help here: at best, {'; '.join(no_gain)}."


def _calibration(tried: Tried, compared: Compared) -> Iterator[str]:
    model, parts = compared.model, []
    for name in (LOG_LOSS, CALIBRATION_ERROR):
        harmed = _harmed(tried, model, SCORES[name])
        if harmed:
            listed = join_words([f"{title(way)} {_show(tried.mean(way, model, name))}" for way in harmed], most=8)
            parts.append(
                f"{SCORES[name].title} is {_show(tried.mean(NONE, model, name))} without resampling and clearly worse "
                f"with {listed}"
            )
    if parts:
        yield f"Probabilities are harmed: {'; '.join(parts)}."


def _harmed(tried: Tried, model: str, score: Score) -> list[str]:
    ways = [way for way in tried.ways if way not in UNCHANGED]
    confidence = 1 - 0.05 / max(1, len(ways))
    return [way for way in ways if tried.is_worse(way, NONE, model, score, confidence)]


def _correction(
    tried: Tried, compared: Compared, shares: Shares, after: Mapping[str, Shares], rare: str | None, prior: Shares
) -> Iterator[str]:
    model = compared.model
    harmed = [way for name in (LOG_LOSS, CALIBRATION_ERROR) for way in _harmed(tried, model, SCORES[name])]
    ways = [way for way in dict.fromkeys([compared.recommended, *harmed]) if way in after]
    ways = [way for way in ways if (way, model, CORRECTED[LOG_LOSS]) in tried.values]
    if not ways:
        return
    shown = ways[0]
    if rare is None:
        yield (
            "A model of resampled or weighted rows says probabilities of a world with those shares: multiply each "
            "class's by its share before / its share after, and divide by their sum "
            f"({_factors(shares, after[shown], prior)} after {title(shown)})."
        )
    else:
        before, now = prior.get(rare, shares[rare]), after[shown][rare]
        where = "declared where the model will be used" if rare in prior else "as it came"
        yield (
            "A model of resampled or weighted rows says probabilities of a world with those shares. Correct them: "
            f"p' = p a / (p a + (1 - p) b) with a = {_show(before / now)} and b = {_show((1 - before) / (1 - now))}, "
            f"the shares of {rare!r} and of the other class before ({_show(before)}, {where}) over those after "
            f"{title(shown)} ({_show(now)})."
        )
    listed = [
        f"{title(way)} {_from_to(tried, way, model, LOG_LOSS)} and {_from_to(tried, way, model, CALIBRATION_ERROR)}"
        for way in ways
    ]
    plain = f"{_show(tried.mean(NONE, model, LOG_LOSS))} and {_show(tried.mean(NONE, model, CALIBRATION_ERROR))}"
    yield (
        f"Measured with that correction (to the shares as they came), log loss and calibration error go: "
        f"{'; '.join(listed)}; without resampling they are {plain}."
    )


def _factors(shares: Shares, after: Shares, prior: Shares) -> str:
    named = [(name, prior.get(name, share) / after[name]) for name, share in shares.items() if after[name] > 0]
    return join_words([f"{name!r} by {_show(factor)}" for name, factor in named], most=6)


def _from_to(tried: Tried, way: str, model: str, score: str) -> str:
    return f"{_show(tried.mean(way, model, score))} -> {_show(tried.mean(way, model, CORRECTED[score]))}"


def _other_models(compared: Compared) -> Iterator[str]:
    for model, way in compared.by_model.items():
        if way != compared.recommended:
            yield f"For a {model} it would be {title(way)}."


def _difference(tried: Tried, way: str, other: str, model: str, score: Score) -> str:
    found = tried.difference(way, other, model, score.name)
    means = (
        f"{_show(tried.mean(way, model, score.name))} of {title(way)} against "
        f"{_show(tried.mean(other, model, score.name))} of {title(other)}"
    )
    if found is None or found.lower is None or found.upper is None:
        return means
    return f"{means} (difference {found.value:+.3f}, {found.lower:+.3f} to {found.upper:+.3f})"


def _show(value: float) -> str:
    return show_rounded(value, 3)


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
