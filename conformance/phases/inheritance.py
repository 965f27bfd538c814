"""The part of the phase of state about parent calls: what a new call takes over, and what its own body overrides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from conformance.checks.finding import shown
from conformance.concurrency.branches import Work
from conformance.concurrency.planning import computed
from conformance.phases.calls import Call, Calls
from conformance.phases.context import other_queries
from conformance.phases.handed_on import names_of, pairs, parts, unknown_values
from conformance.phases.on_object import Query
from conformance.phases.problems import no_problem, of_object
from conformance.phases.refusals import send_rich_refusal
from conformance.session import Session
from openapi.catalogue import default_of
from openapi.json_types import Json
from strategies.case import NO_BODY, Case, Side

_GENERATIONS = 2  # of calls made from calls made from calls


async def works(calls: Calls) -> list[Work[object]]:
    """Return works that create calls which between them set all that is inherited, and calls from them.

    The first of these calls is created at once, right after a request that is refused.
    """
    session = calls.session
    names = names_of(session) if session.checker.parent_parameter is not None else []
    if session.narrowing.is_partial and await _shown_by_unknown_values(calls, names):
        return []
    both = await computed(lambda: list(pairs(session)))
    await _refused(session)
    found: list[Work[object]] = []
    for number, (first, second) in enumerate(both):
        made = await calls.create(first, label="create right after a refusal") if number == 0 else None
        if made is not None or number > 0:
            found.append(partial(_handed_on, calls, made, first, second))
    is_more = names and not session.narrowing.is_partial
    return [*found, partial(_implementation_defined, calls, names)] if is_more else found


async def _shown_by_unknown_values(calls: Calls, names: list[str]) -> bool:
    """Return whether values that may be refused show all that is selected, which saves two creations then."""
    wants = calls.session.wants
    handed_on = await _implementation_defined(calls, names)
    is_overriding = any(wants(f"state.{name}.overridden") for name in names)
    return not is_overriding and handed_on.issuperset(name for name in names if wants(f"state.{name}.inherited"))


async def _handed_on(calls: Calls, made: Call | None, first: Json, second: Json) -> None:
    """Create a call with the first body, and follow it in calls made from it, alone and beside the second.

    The first of all such calls is `made` already, and is met by more than the others.
    """
    one = made or await calls.create(first)
    if one is None:
        return
    await calls.read_back(one)
    if calls.session.checker.parent_parameter is None:
        return
    # What follows from a second set of properties is the same again, where requests are scarce.
    is_narrow = calls.session.narrowing.is_partial
    is_thorough = (made is not None or not calls.session.profile.few) and not is_narrow
    derived_call = await _parent(calls, one, first, second, is_thorough=is_thorough)
    if is_narrow:
        return
    works = list(_overridden_in_part(calls, one, first, second))
    if made:
        works += [partial(_alongside_queries, calls, one, first, derived_call), partial(_alongside, calls, one)]
    await calls.session.gather(works)
    if derived_call is not None and is_thorough:
        await calls.unchanged(derived_call, "state.isolated")  # whatever became of its siblings and the calls derived from it
    await calls.unchanged(one, "state.parent-unchanged")
    await calls.session.let_go(one.id)


async def values_apart(calls: Calls) -> None:
    """A call with much, and one with a single property of its own: what shows that a call has its own values alone."""
    for first, second in await computed(lambda: list(islice(pairs(calls.session), 1))):
        await calls.create(first, keep=False)
        for name in islice(second, 1):
            await calls.create({name: second[name]}, keep=False)


async def descent(calls: Calls) -> None:
    """A call, one made from it and one made from that: what few rules about parent calls need, where no more are selected."""
    bodies = await computed(lambda: next(pairs(calls.session), None))
    first = bodies[0] if bodies is not None else calls.seed
    one = await calls.create(first)
    if one is None:
        return
    await calls.read_back(one)
    has_parent = calls.session.checker.parent_parameter is not None
    derived_call = await calls.create(calls.seed, one.id if has_parent else None)
    if derived_call is None:
        return
    await calls.read_back(derived_call)
    if has_parent:
        compare_chain(calls, first, await calls.create(calls.seed, derived_call.id, keep=False))
        await calls.unchanged(one, "state.parent-unchanged")
    await calls.unchanged(derived_call if has_parent else one, "state.isolated")


async def _alongside_queries(calls: Calls, one: Call, first: Json, derived_call: Call | None) -> None:
    """Call from a parent call beside each other parameter, behind one and before it."""
    queries = list(other_queries(calls.session))
    creations: list[Work[Call | None]] = [
        partial(calls.create, calls.seed, one.id, query=query, keep=False, rule=_rule_of(query)) for query in queries
    ]
    creations += [
        partial(calls.create, calls.seed, one.id, ahead=query, keep=False, rule=_rule_of(query)) for query in queries[:1]
    ]
    made = list(filter(None, await calls.session.gather(creations)))
    for each in made:
        compare(calls, each, first, "inherited")
    for twin in [each for each in (*made, derived_call) if each is not None][:1]:
        await _respelled(calls, one, twin)


def _rule_of(query: Query) -> str:
    """Return the rule that a legal query is accepted."""
    return f"query.{query[0][0]}.type"


async def _respelled(calls: Calls, one: Call, twin: Call) -> None:
    """A call from a parent call by the query that made its twin, percent-encoded: it takes over the same."""
    session, rule = calls.session, f"query.{calls.session.checker.parent_parameter}.type"
    query = twin.exchange.case.query[1:]
    label = "create, percent-encoded"
    call = await calls.create(calls.seed, one.id, query=query, encoded=True, keep=False, label=label, rule=rule)
    if call is not None:
        others = session.catalogue.response.properties.keys() - names_of(session)
        problem = of_object(partial(session.checker.equivalence.difference, twin.response, without=others))
        expected = "what the same query gives in its usual spelling"
        calls.judge(partial(calls.note, rule, call.exchange, expected, problem))


async def _alongside(calls: Calls, one: Call) -> None:
    """Send requests beside a parent call that create none: one that is refused, and one without a body."""
    session, query = calls.session, ((calls.session.checker.parent_parameter or "", one.id),)
    await send_rich_refusal(session, query)
    rule = "robustness.server-error"
    bare = Case(side=Side.PROBE, label="no body, from a parent call", rule=rule, body=NO_BODY, query=query)
    session.intake.is_unjudged(await session.send(bare), rule, "robustness")


async def _refused(session: Session) -> None:
    """A request that is refused, so that what the next one shows is seen to be its own."""
    violations = (found[0] for rule, found in session.plan.violations.items() if session.catalogue.is_documented(rule))
    first = next(violations, None)
    if first is not None:
        await session.send(session.plan.rejected(first))


async def _parent(calls: Calls, one: Call, first: Json, second: Json, *, is_thorough: bool) -> Call | None:
    """Return the first of several calls from one: it takes over what was first, as do calls from it.

    Another one overrides that. If `is_thorough`, others follow from both.
    """
    derived_call = await calls.create(calls.seed, one.id)
    if derived_call is not None:
        compare(calls, derived_call, first, "inherited")
        taken_over(
            calls, one, derived_call, [name for name in names_of(calls.session) if name not in first]
        )  # what follows from that
        await calls.read_back(derived_call)
    chains = [partial(_chain, calls, derived_call, first, second)] if is_thorough else []
    await calls.session.gather([*chains, partial(_overridden, calls, one, first, second, is_thorough=is_thorough)])
    return derived_call


async def _chain(calls: Calls, derived_call: Call | None, first: Json, second: Json) -> None:
    """Create calls, each from the one before it, and one that overrides all that a call has from its grandparent."""
    for generation in range(_GENERATIONS if derived_call is not None else 0):
        derived_call = await calls.create(calls.seed, derived_call.id) if derived_call is not None else None
        compare_chain(calls, first, derived_call)
        changed = await calls.create(second, derived_call.id, keep=False) if derived_call and not generation else None
        if changed is not None:
            compare(calls, changed, second, "overridden")


async def _overridden(calls: Calls, one: Call, first: Json, second: Json, *, is_thorough: bool) -> None:
    """A call that overrides all, and what comes after it: one made from it, and another from the same parent call."""
    changed = await calls.create(second, one.id)
    if changed is None:
        return
    compare(calls, changed, second, "overridden")
    if is_thorough:
        compare_chain(calls, second, await calls.create(calls.seed, changed.id, keep=False))
        label = "create from a parent call again, which another call has overridden since"
        sibling = await calls.create(calls.seed, one.id, keep=False, label=label)
        if sibling is not None:
            compare(calls, sibling, first, "inherited")


def _overridden_in_part(calls: Calls, one: Call, first: Json, second: Json) -> Iterator[Work[None]]:
    """Return works that create calls which override some of the properties."""
    session = calls.session
    for part in (*parts(list(first)), *([name] for name in first if not session.profile.few)):
        # A property with one known value is overridden all the same: what else is handed on must not depend on it.
        yield partial(_partly, calls, one, first, {name: second.get(name, first[name]) for name in part})
    yield partial(_partly, calls, one, first, _defaults(session, first))


def _defaults(session: Session, first: Json) -> Json:
    """Return the defaults of properties set to others: who takes one for nothing lets the parent call's value stand."""
    nodes = session.catalogue.body.properties
    return {name: found[0] for name in first if (found := default_of(nodes[name])) and found[0] != first[name]}


def taken_over(calls: Calls, parent: Call, derived_call: Call, names: Iterable[str]) -> None:
    """Note for each property, none of which the body set, whether a call shows it as its parent call does."""
    for name in names:
        calls.equivalent(f"state.{name}.inherited", name, parent, derived_call, "as the parent call shows it")


def compare_chain(calls: Calls, first: Json, link: Call | None) -> None:
    """Note whether a call that was made from one that was made from another shows what it had."""
    if link is not None:
        calls.judge(partial(_compare_link, calls, first, link))


def _compare_link(calls: Calls, first: Json, link: Call) -> None:
    rule, expected = "state.parent-chain", "what the first call had"
    known = {name: value for name, value in first.items() if not calls.session.results.is_explained(name)}
    names = (name for name, value in known.items() if calls.shown_otherwise(link, name, value, rule, expected) is not None)
    name = next(names, None)
    calls.note(rule, link.exchange, expected, calls.shown(name, known[name]) if name is not None else no_problem)


async def _implementation_defined(calls: Calls, names: list[str]) -> set[str]:
    """Check that other values of properties with one known value are handed on: together if the server takes them, else each.

    Return the properties whose values the server takes and shows.
    """
    handed_on = set[str]()
    values = {name: found for name in names if (found := list(unknown_values(calls.session, name)))}
    together = {name: found[0] for name, found in values.items()}
    if len(together) > 1 and calls.session.plan.oracle.is_valid(together) and await _is_handed_on(calls, together):
        return set(together)
    for name, found in values.items():
        for value in found:
            if await _is_handed_on(calls, {name: value}):
                handed_on.add(name)
                break
    return handed_on


async def _is_handed_on(calls: Calls, body: Json) -> bool:
    """Check that a call hands on values that may be refused; return whether the server takes and shows them."""
    call = await calls.create(body, label="create with a value that may be refused", may=True)
    if call is None or calls.session.checker.echo.compare(body, call.response, set()):
        return False
    derived_call = await calls.create(calls.seed, call.id, keep=False)
    if derived_call is not None:
        compare(calls, derived_call, body, "inherited")
        await _partly(calls, call, body, _defaults(calls.session, body))
    return derived_call is not None


async def _partly(calls: Calls, one: Call, first: Json, part: Json) -> None:
    """A call that overrides some of the properties: those are its own, the others the parent call's."""
    oracle = calls.session.plan.oracle
    if not part or not oracle.is_valid(part) or not oracle.is_valid({**first, **part}):
        return
    call = await calls.create(part, one.id, keep=False)
    if call is not None:
        compare(calls, call, {name: value for name, value in part.items() if value != first[name]}, "overridden")
        compare(calls, call, {name: value for name, value in first.items() if name not in part}, "inherited")


def compare(calls: Calls, call: Call, wanted: Json, verb: str) -> None:
    """Check for each property that the call shows the wanted value."""
    calls.judge(partial(_compare, calls, call, wanted, verb))


def _compare(calls: Calls, call: Call, wanted: Json, verb: str) -> None:
    session = calls.session
    for name, value in wanted.items():
        rule, expected = f"state.{name}.{verb}", f"{name} is {shown(value, 120)}, {verb}"
        if rule in session.catalogue.rules and not session.results.is_explained(name):
            differs = calls.shown_otherwise(call, name, value, rule, expected) is not None
            calls.note(rule, call.exchange, expected, calls.shown(name, value) if differs else no_problem)
