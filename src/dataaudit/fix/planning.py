"""One round: from the findings to the edits that are done now, and those that wait or are not done."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dataaudit.auditing import judge_facts
from dataaudit.config import Settings
from dataaudit.fix.edits import AnyEdit, DropColumn, DropRows, LeftAsItIs, MoveRows, ReplaceCells
from dataaudit.fix.mend import Mend, Wishes, discover
from dataaudit.measure.facts import Facts
from dataaudit.model import Finding, Role, Task
from dataaudit.rules import find_rule
from dataaudit.text import show_share

# A mend that takes more of a split than this leaves another data set.
MOST_SAFE_SHARE = 0.5
# Findings are folded for readers; a mend wants every column.
EVERY_FINDING = 1_000_000


@dataclass(frozen=True)
class HeldBack:
    """An edit that is not done, and why."""

    edit: AnyEdit
    reason: str
    is_unsafe: bool


@dataclass
class Round:
    """The edits of one round, all of one phase.

    Row numbers of dropped rows stand in the engine: `fix_gone_<split>` (row, edit), the edit by its place in `edits`.
    """

    edits: list[AnyEdit] = field(default_factory=list)
    held_back: list[HeldBack] = field(default_factory=list)


def plan_round(facts: Facts, settings: Settings, codes: Sequence[str], wishes: Wishes) -> Round:
    """Return what is to be done now.

    Cells and columns come first, as rows that are alike only once the cells are mended are found after; then groups
    are moved; rows are dropped last.
    """
    findings = _findings(facts, settings, codes)
    planned = list(_planned(facts, findings, wishes))
    found = Round()
    wanted = []
    for edit in planned:
        if isinstance(edit, LeftAsItIs):
            found.held_back.append(HeldBack(edit, edit.judgement or "nothing can be done", is_unsafe=False))
        elif edit.judgement is not None and not wishes.unsafe:
            found.held_back.append(HeldBack(edit, edit.judgement, is_unsafe=True))
        else:
            wanted.append(edit)
    for phase in sorted({edit.phase for edit in wanted}):
        _choose(facts, [edit for edit in wanted if edit.phase == phase], found, wishes)
        if found.edits:
            return found
    # Nothing is left to be done: what waits for somebody's judgement is told, as far as there still is something.
    found.held_back = [one for one in found.held_back if _does_something(facts, one.edit)]
    return found


def _does_something(facts: Facts, edit: AnyEdit) -> bool:
    if isinstance(edit, ReplaceCells):
        return _changes_something(facts, edit)
    if isinstance(edit, DropRows):
        query = f"SELECT count(*) FROM {edit.split} WHERE {edit.condition}"
        return int(facts.dataset.engine.rows(query)[0][0]) > 0
    return True


def _findings(facts: Facts, settings: Settings, codes: Sequence[str]) -> Mapping[str, list[Finding]]:
    """Judge the rules that have a mend, as the audit does."""
    thresholds = {name: dict(values) for name, values in settings.thresholds.items()}
    for code in codes:
        rule = find_rule(code)
        if "most_findings" in {one.name for one in dataclasses.fields(rule)}:
            thresholds.setdefault(rule.name, {})["most_findings"] = EVERY_FINDING
    only = dataclasses.replace(settings, select=tuple(codes), ignore=(), thresholds=thresholds)
    found: dict[str, list[Finding]] = {}
    for finding in judge_facts(facts, only).findings:
        found.setdefault(finding.code, []).append(finding)
    return found


def _planned(facts: Facts, findings: Mapping[str, list[Finding]], wishes: Wishes) -> Iterator[AnyEdit]:
    mends: dict[Mend, list[Finding]] = {}
    for code, of_code in discover().items():
        for mend in of_code:
            mends.setdefault(mend, []).extend(findings.get(code, ()))
    for mend, own in mends.items():
        if own:
            yield from mend.plan(facts, own, wishes)


def _choose(facts: Facts, edits: Sequence[AnyEdit], found: Round, wishes: Wishes) -> None:
    """Take the edits of one phase that go together and leave a data set."""
    columns = _columns_left(facts)
    dropped: set[str] = set()
    replaced: set[tuple[str, str]] = set()
    for edit in edits:
        if isinstance(edit, DropColumn):
            if edit.column in dropped:
                continue
            if columns <= {edit.column} | dropped:
                found.held_back.append(HeldBack(edit, "no feature would be left", is_unsafe=False))
                continue
            dropped.add(edit.column)
            found.edits.append(edit)
    for edit in edits:
        if isinstance(edit, ReplaceCells) and edit.column not in dropped:
            # One answer at a time to the same cells: the next round sees what this one has written.
            own = {(edit.column, split) for split in edit.changes or {}}
            if not own & replaced and _changes_something(facts, edit):
                replaced |= own
                found.edits.append(edit)
        elif isinstance(edit, MoveRows):
            reason = _move_reason(facts, edit)
            if reason is None:
                found.edits.append(edit)
            else:
                found.held_back.append(HeldBack(edit, reason, is_unsafe=False))
    _choose_rows([edit for edit in edits if isinstance(edit, DropRows)], facts, found, wishes)


def _columns_left(facts: Facts) -> set[str]:
    return {column.name for column in facts.info.with_role(Role.FEATURE)}


def _changes_something(facts: Facts, edit: ReplaceCells) -> bool:
    for split, change in (edit.changes or {}).items():
        source = facts.dataset.sources[split]
        if change.sql_type not in (None, source.types[source.names.index(edit.column)]):
            return True
        if facts.dataset.engine.rows(f"SELECT count(*) FROM {source.relation} AS source WHERE {change.where}")[0][0]:
            return True
    return False


def _move_reason(facts: Facts, edit: MoveRows) -> str | None:
    """Return why rows cannot be moved: a split would be left without a row."""
    n_by_way = {
        (str(split), str(target)): int(n)
        for split, target, n in facts.dataset.engine.rows(
            f"SELECT split, target, count(*) FROM {edit.table} GROUP BY ALL"
        )
    }
    if not n_by_way:
        return "each group lies where it belongs"
    for split, relation in facts.dataset.relations.items():
        gone = sum(n for (start, _), n in n_by_way.items() if start == split)
        come = sum(n for (_, target), n in n_by_way.items() if target == split)
        if relation.n_rows - gone + come == 0:
            return f"no row of {split} would be left"
    return None


def _choose_rows(edits: Sequence[DropRows], facts: Facts, found: Round, wishes: Wishes) -> None:
    engine = facts.dataset.engine
    for split in facts.dataset.relations:
        engine.run(f"CREATE OR REPLACE TEMP TABLE fix_gone_{split} (row BIGINT, edit INTEGER)")
    for edit in edits:
        gone, place = f"fix_gone_{edit.split}", len(found.edits)
        engine.run(
            f"INSERT INTO {gone} SELECT row, {place} FROM {edit.split} WHERE ({edit.condition}) "
            f"AND row NOT IN (SELECT row FROM {gone})"
        )
        n_rows = int(engine.rows(f"SELECT count(*) FROM {gone} WHERE edit = {place}")[0][0])
        if n_rows == 0:
            continue
        reason, is_unsafe = _rows_reason(facts, edit, n_rows, wishes)
        if reason is None:
            found.edits.append(edit)
        else:
            engine.run(f"DELETE FROM {gone} WHERE edit = {place}")
            found.held_back.append(HeldBack(edit, reason, is_unsafe))


def _rows_reason(facts: Facts, edit: DropRows, n_rows: int, wishes: Wishes) -> tuple[str | None, bool]:
    """Return why the rows of an edit stay, and whether --unsafe would let them go."""
    engine, n_all = facts.dataset.engine, facts.dataset.relations[edit.split].n_rows
    n_gone = int(engine.rows(f"SELECT count(*) FROM fix_gone_{edit.split}")[0][0])
    if n_gone == n_all:
        return _with_way_out(f"no row of {edit.split} would be left", edit), False
    if edit.split == "train" and facts.info.label is not None:
        label = facts.dataset.sql_name(facts.label)
        left = f"SELECT {label} FROM train WHERE row NOT IN (SELECT row FROM fix_gone_train)"
        n_left = int(engine.rows(f"SELECT count(DISTINCT {label}) FROM ({left})")[0][0])
        n_classes = int(engine.rows(f"SELECT count(DISTINCT {label}) FROM train")[0][0])
        is_lost = n_left < 2 if facts.info.task is Task.REGRESSION else n_left < n_classes
        if is_lost:
            return _with_way_out("train would lose all rows of a class", edit), False
    if n_rows > MOST_SAFE_SHARE * n_all and not wishes.unsafe:
        return f"it would take {show_share(n_rows / n_all)} of {edit.split}", True
    return None, False


def _with_way_out(reason: str, edit: DropRows) -> str:
    return f"{reason}; {edit.instead}" if edit.instead else reason
