"""The drift since the last night: what moved, from what a history keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from reports.difference.difference import Description, DescriptionChange, change_about, differences
from reports.difference.drift import Drift
from reports.record.recorded_run import Run
from reports.status import FAILS, HOLDS
from reports.trend.history import History, Night
from reports.trend.kept_descriptions import document_at, rules_at


def drift_of(folder: Path, history: History, run: Run) -> Drift | None:
    """Return what moved from the last night that judged something to `run`, the last one of the history; None for nothing."""
    *earlier, tonight = history.nights
    before = next((each for each in reversed(earlier) if (FAILS | HOLDS) & set(each.rule_statuses.values())), None)
    if before is None:
        return None
    changes = _changes(folder, before, tonight, run)
    moved = next((name for name, digest in tonight.origins.items() if before.origins.get(name) != digest), "")
    moved = moved or ("" if changes == [] else _UNSEEN)
    turned = {} if changes is None else _turned_between(before.rule_statuses, tonight.rule_statuses, changes)
    if not (moved == "description" or changes or turned):
        return None
    described = {rule for rule in turned if change_about(rule, changes or ()) is not None}
    return Drift(
        since=before.started,
        moved=moved,
        versions=(before.version, tonight.version),
        documents=(_document(folder, before), _document(folder, tonight)),
        changes=changes,
        by_description={rule: each for rule, each in turned.items() if rule in described},
        by_server={rule: each for rule, each in turned.items() if rule not in described},
        is_same_seed=before.seed == tonight.seed,
    )


# Neither digest is another one, but the rules are.
_UNSEEN = "suite, or a document that the description refers to,"


def _changes(folder: Path, before: Night, tonight: Night, run: Run) -> list[DescriptionChange] | None:
    """Return the changes of the rules since a night; None where its rules were not kept or cannot be read."""
    if before.rules == tonight.rules:
        return [] if before.rules else None
    try:
        old = rules_at(folder, before.rules)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return differences(old, Description.of("", run.rules.values(), run.fields, run.header.facts))


def _turned_between(
    before: Mapping[str, str], tonight: Mapping[str, str], changes: Collection[DescriptionChange]
) -> dict[str, tuple[str, str]]:
    """Return the rules that broke or were repaired, with both statuses. A failing rule that is new or changed broke as well."""
    found = {}
    for rule, now in tonight.items():
        was = before.get(rule, "")
        broke = now in FAILS and was not in FAILS and (was in HOLDS or change_about(rule, changes) is not None)
        if broke or (now in HOLDS and was in FAILS):
            found[rule] = (was, now)
    return found


def _document(folder: Path, night: Night) -> str:
    path = document_at(folder, night.document)
    return "" if path is None else str(path)
