"""The end of a run: violations once more, for checks that stop after some hundred requests or beside a query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from conformance.phases.calls import first_parent
from conformance.phases.context import other_queries, satisfies_request_rules
from conformance.session import Session
from strategies.case import Case


async def run(session: Session) -> None:
    """Send documented violations again when the server has served many requests, beside a query and a parent call.

    The parent call is the first call of the run, which sets as little as possible: nothing that is missing comes from it.
    """
    await session.run(_once_more(session))


def _once_more(session: Session) -> Iterator[Case]:
    queries = [*other_queries(session), ()]
    parent = first_parent(session)
    for index, rule in enumerate(_chosen(session)):
        violation, query = session.plan.violations[rule][-1], (*queries[index % len(queries)], *parent)
        if not satisfies_request_rules(session.catalogue.contract, query, violation.body):
            query = ()
        label = f"{violation.label}, at the end of the run" + "".join(f", beside {name}={text}" for name, text in query)
        yield replace(session.plan.rejected(violation), label=label, query=query)


def _chosen(session: Session) -> list[str]:
    """Return every documented rule; where requests are scarce, one of each keyword and member, in turn by the seed."""
    rules = [rule for rule in session.plan.violations if session.catalogue.is_documented(rule)]
    if not session.profile.few:
        return rules
    of_a_kind = defaultdict[tuple[str, str], list[str]](list)
    for rule in rules:
        of_a_kind[rule.split(".")[1], rule.rpartition(".")[2]].append(rule)
    return [same[session.seed % len(same)] for same in of_a_kind.values()]
