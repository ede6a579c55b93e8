"""DATA007: categories spelt in several ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from dataaudit.engine.base import quote_text
from dataaudit.fix.cells import places_of
from dataaudit.fix.edits import AnyEdit, Change, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes
from dataaudit.measure.keys import LONGEST_KEY
from dataaudit.rules.integrity.spelling_variants import Spellings, categories, group_spellings
from dataaudit.text import join_words

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.model import Finding


class SpellingVariants(Mend):
    """Write each category in its commonest spelling, in every split, the label included.

    Single letters in two cases may be two codes: that needs judgement.
    """

    codes: ClassVar[tuple[str, ...]] = ("DATA007",)
    does: ClassVar[str] = "write each category in its commonest spelling"
    also_unsafe: ClassVar[str] = "single letters"

    def plan(self, facts: Facts, findings: Sequence[Finding], wishes: Wishes) -> Iterator[AnyEdit]:
        """Yield the cells of the rarer spellings."""
        counts = dict(categories(facts)) if findings else {}
        for finding in findings:
            [column] = finding.columns
            groups = [group for group in group_spellings(counts[column]) if _is_whole(group)]
            for are_letters in (False, True):
                spelt = {
                    rarer: commonest
                    for group in groups
                    if group.are_letters is are_letters
                    for commonest, *others in [list(group.counts)]
                    for rarer in others
                }
                if not spelt or (column == facts.info.label and not _leaves_classes(facts, spelt)):
                    continue
                judgement = "are the letters different codes?" if are_letters else None
                yield ReplaceCells("DATA007", _words(spelt), judgement, column, _changes(facts, column, spelt))


def _is_whole(group: Spellings) -> bool:
    # Longer texts are known by their beginnings only.
    return all(len(spelling) < LONGEST_KEY for spelling in group.counts)


def _leaves_classes(facts: Facts, spelt: Mapping[str, str]) -> bool:
    return len({spelt.get(name, name) for name in facts.dataset.classes}) > 1


def _changes(facts: Facts, column: str, spelt: Mapping[str, str]) -> dict[str, Change]:
    changes = {}
    for place in places_of(facts, column):
        cases = " ".join(f"WHEN {quote_text(rarer)} THEN {quote_text(common)}" for rarer, common in spelt.items())
        changes[place.split] = Change(place.has_text_in(list(spelt)), f"CASE {place.text} {cases} END")
    return changes


def _words(spelt: Mapping[str, str]) -> str:
    return f"{join_words([f'{rarer!r} becomes {common!r}' for rarer, common in spelt.items()], most=3)}"
