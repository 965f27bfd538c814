"""A session: one run against one target, from cases through exchanges and findings to verdicts, recorded as it goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field, replace
from fnmatch import fnmatchcase
from urllib.parse import quote

from conformance.attribution import Attribution
from conformance.client import Client
from conformance.exchange import Exchange
from conformance.judging.findings import Finding, Judgement
from conformance.judging.judge import Judge
from conformance.profiles import Profile
from conformance.recording import answer_entry, exchange_entry, request_entry
from conformance.reducing import Reducer
from conformance.tally import Tally, verdict
from conformance.tolerances import tolerances
from openapi.catalogue import Catalogue
from openapi.json_types import Json, pointer
from reports.record import Entry, Failure, Verdict
from strategies.bodies import Builder, Path, at, without
from strategies.cases import Case, Side
from strategies.plan import Plan

Write = Callable[[Entry], None]
_CULPRITS_A_PACK = 12
_FAILURES_A_RULE = 3
_LEVELS = 6  # how far up a refused field takes its surroundings with it
_HIDDEN = "what would have shown it was refused for another reason: see the rules that fail"
_SYSTEMIC = 20  # invalid bodies accepted, four times as many as refused
_GIVE_UP = 6  # requests without an answer in a row


class CannotJudge(Exception):
    """Nothing (more) can be said about the target: it does not answer, or is not this API, or does not let us in."""


class BudgetSpent(Exception):
    """The run has sent as many requests as it may."""


@dataclass
class Session:
    """The state of a run; everything that a phase needs."""

    catalogue: Catalogue
    client: Client
    profile: Profile
    seed: int
    write: Write
    strict: bool = False
    select: Sequence[str] = ()
    max_requests: int | None = None
    clean_up: bool = False
    progress: Callable[[Exchange], None] = lambda _exchange: None
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    ids: dict[str, int] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    suspicious: list[tuple[Exchange, Finding]] = field(default_factory=list)
    accepts_anything: bool = False
    cut_short: bool = False
    culprits: set[str] = field(default_factory=set)
    culprit_values: set[str] = field(default_factory=set)
    unanswered: list[Exchange] = field(default_factory=list)
    silent: int = 0
    statuses: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    baseline: Exchange | None = None
    phase: Callable[[str], None] = lambda _name: None
    collect: Callable[[Exchange], None] | None = None
    # Many runs in one process may share what does not change from run to run.
    shared_plan: InitVar[Plan | None] = None
    shared_judge: InitVar[Judge | None] = None

    def __post_init__(self, shared_plan: Plan | None, shared_judge: Judge | None) -> None:
        self.plan = shared_plan or Plan(self.catalogue, few=self.profile.few)
        self.judge = shared_judge or Judge(self.catalogue, tolerances())
        self.attribution = Attribution(self.plan.oracle)
        if self.clean_up:
            self.client.follow_up = self._deletion_of

    # --- what is selected

    def wants(self, rule: str) -> bool:
        """Whether a rule is selected."""
        return not self.select or any(fnmatchcase(rule, glob) for glob in self.select)

    def wants_any(self, case: Case) -> bool:
        """Whether a case bears on a selected rule; a valid body bears on echo, default and shape of all it holds."""
        if not self.select or case.side in (Side.ACCEPTS, Side.MAY):
            return True
        return any(map(self.wants, case.rules()))

    # --- sending

    def exchange(self, case: Case) -> Exchange:
        """Sends one case and records it, without judging."""
        self._check_budget()
        exchange = self.client.send(case)
        self._note(exchange)
        return exchange

    def exchanges(self, cases: Iterable[Case]) -> list[Exchange]:
        """Sends cases, many at a time, and records them, without judging; as many as the budget lets."""
        found: list[Exchange] = []

        def note(exchange: Exchange) -> None:
            self._note(exchange)
            found.append(exchange)

        self.client.send_all(self._affordable(cases), note)
        return found

    def _affordable(self, cases: Iterable[Case]) -> Iterable[Case]:
        for case in cases:
            if self._is_spent():
                return  # what was answered is judged before the run ends
            yield case

    def run(self, cases: Iterable[Case]) -> None:
        """Sends cases, many at a time, and judges each exchange as it comes."""
        self.client.send_all(self._proved(cases), self._handle)
        self._examine()

    def _proved(self, cases: Iterable[Case]) -> Iterable[Case]:
        """The selected cases whose label the oracle confirms on the final bytes; another is the suite's own error."""
        for case in cases:
            if not self.wants_any(case):
                continue
            if self._is_spent():
                return
            problem = self._mislabelled(case)
            if problem is None:
                yield case
            else:
                for rule in case.rules():
                    self.tallies[rule].suite_error = f"the suite's own error: {case.id}: {problem}"

    def _mislabelled(self, case: Case) -> str | None:
        if case.raw is not None or case.path is not None:
            return None
        broken = self.plan.oracle.broken(case.body) if isinstance(case.body, (dict, list)) else {case.rule: []}
        if case.side is Side.REJECTS:
            return None if case.rule in broken else "the body does not break the rule"
        return f"the body breaks {', '.join(broken)}" if broken and case.side in (Side.ACCEPTS, Side.MAY) else None

    def _is_spent(self) -> bool:
        """Whether nothing more may be sent; what was about to be is noted as cut short."""
        spent = self.max_requests is not None and self.client.sent >= self.max_requests
        self.cut_short = self.cut_short or spent
        return spent

    def _check_budget(self) -> None:
        if self._is_spent():
            raise BudgetSpent

    def _note(self, exchange: Exchange) -> None:
        """Records an exchange, and what it says whatever it was meant for."""
        self.write(exchange_entry(exchange, self.catalogue.contract, self.client.target.key))
        self.progress(exchange)
        self.statuses[str(exchange.status) if exchange.error is None else "no answer"] += 1
        self.silent = self.silent + 1 if exchange.error is not None else 0
        if self.silent >= _GIVE_UP:
            raise CannotJudge(f"{self.client.target.url} has stopped answering: {exchange.error}")
        self._note_id(exchange)
        if self.collect is not None:
            self.collect(exchange)

    def _note_id(self, exchange: Exchange) -> None:
        identity = self._created_by(exchange)
        if identity is None:
            return
        if identity in self.ids:
            finding = Finding(
                "state.unique-ids",
                "state",
                "an id that no other call has",
                f"{identity}, the id of request {self.ids[identity]}",
            )
            self.fail(finding, exchange)
        else:
            self.hold("state.unique-ids", "state", exchange)
        self.ids.setdefault(identity, exchange.number)
        self.created.append(identity)

    def _deletion_of(self, exchange: Exchange) -> Case | None:
        """The deletion of a call that was just created and serves no further purpose."""
        identity = self._created_by(exchange)
        # The first call stays until the end: others are made from it.
        if identity is None or exchange.case.side is Side.STATE or not self.created or exchange is self.baseline:
            return None
        self.deleted.add(identity)
        return self._deletion(identity)

    def _created_by(self, exchange: Exchange) -> str | None:
        if not exchange.is_success or exchange.case.path is not None or not isinstance(exchange.json, dict):
            return None
        identity = exchange.json.get(self.identifier)
        return identity if isinstance(identity, str) else None

    def _deletion(self, identity: str) -> Case | None:
        operation = self.catalogue.contract.delete
        if operation is None:
            return None
        front, _, rest = operation.path.partition("{")
        path = front + quote(identity, safe="") + rest.partition("}")[2]
        return Case(side=Side.STATE, label="clean up", rule="state.delete", method="DELETE", path=path, phase="clean up")

    def tidy(self) -> int:
        """Deletes every created call that still stands; gives the number of those that could not be deleted."""
        left = [each for each in dict.fromkeys(self.created) if each not in self.deleted]
        self.client.follow_up = lambda _exchange: None
        cases = [case for each in left if (case := self._deletion(each)) is not None]
        exchanges = self.client.send_all(cases) if self.clean_up else []
        return sum(not (each.is_success or each.status in (404, 410)) for each in exchanges)

    def a_call(self) -> str | None:
        """The id of some call that exists."""
        return self.created[0] if self.created else None

    @property
    def identifier(self) -> str:
        """The property of an answer that identifies the call."""
        prior = self.catalogue.contract.extensions.get("x-prior-call", {})
        if "identifier" in prior:
            return str(prior["identifier"])
        required = self.catalogue.answer.required
        ids = [
            name for name, node in self.catalogue.answer.properties.items() if node.get("format") == "uuid" and name in required
        ]
        return ids[0] if ids else "id"

    # --- judging

    def _handle(self, exchange: Exchange) -> None:
        self._note(exchange)
        judgement = self.judge.judge(exchange)
        self.take(exchange, judgement)

    def take(self, exchange: Exchange, judgement: Judgement) -> None:
        """Takes a judgement into the tallies; findings wait to be confirmed and reduced."""
        case = exchange.case
        for rule in case.rules():
            self.tallies[rule].bears(exchange.number)
            if judgement.unjudged is not None:
                self.tallies[rule].unjudged.setdefault(str(case.side), judgement.unjudged)
        if exchange.error is not None:
            self.unanswered.append(exchange)
        else:
            self.hold("robustness.answers", "robustness", exchange)
            if exchange.status < 500:
                self.hold("robustness.server-error", "robustness", exchange)
        for rule, side in judgement.held:
            self.hold(rule, side, exchange)
        self.suspicious += [(exchange, finding) for finding in judgement.findings]

    def settle(self, exchange: Exchange) -> None:
        """Judges a request that cannot be made smaller, and takes what comes of it at once."""
        judgement = self.judge.judge(exchange)
        self.take(exchange, judgement)
        self.suspicious = [each for each in self.suspicious if each[0] is not exchange]
        for finding in judgement.findings:
            self.fail_at(finding if finding.rule else replace(finding, rule="status.created"), exchange)

    def is_explained(self, name: str) -> bool:
        """Whether a top-level field fails already for itself, so that whatever else it does wrong is no news."""
        fronts = (f"body.{name}.", f"answer.{name}.")
        return any(tally.failures and rule.startswith(fronts) for rule, tally in self.tallies.items())

    def hold(self, rule: str, side: str, exchange: Exchange) -> None:
        """Notes that a rule held."""
        tally = self.tallies[rule]
        tally.hold(side)
        if exchange.number not in tally.exchanges[-1:]:
            tally.bears(exchange.number)

    def fail(
        self,
        finding: Finding,
        exchange: Exchange,
        *,
        culprits: Sequence[Path] = (),
        cause: str = "",
        intermittent: bool = False,
    ) -> None:
        """Notes that a rule failed; the same failure again is only counted."""
        tally = self.tallies[finding.rule]
        for index, known in enumerate(tally.failures):
            if known.side == finding.side and known.exchange == exchange.number:
                return
            if (known.side, known.expected) == (finding.side, finding.expected) or len(tally.failures) >= _FAILURES_A_RULE:
                tally.failures[index] = replace(known, occurrences=known.occurrences + 1)
                return
        tally.bears(exchange.number)
        tally.failures.append(
            Failure(
                side=finding.side,
                request=request_entry(exchange.case, self.catalogue.contract, self.client.target.key),
                answer=answer_entry(exchange, self.client.target.key),
                expected=finding.expected,
                actual=finding.actual,
                culprits=[pointer(*path) for path in culprits or ([finding.path] if finding.path else [])],
                cause=cause or finding.rule,
                exchange=exchange.number,
                intermittent=intermittent,
            )
        )

    def is_unjudged(self, exchange: Exchange, rule: str, side: str) -> bool:
        """Whether an exchange says nothing about a rule: no answer, or one that is about something else, or a 5xx."""
        judgement = Judgement()
        self.judge.common(exchange, judgement)
        self.take(exchange, judgement)
        if judgement.unjudged is not None:
            self.tallies[rule].unjudged.setdefault(side, judgement.unjudged)
        self.suspicious = [each for each in self.suspicious if each[0] is not exchange]
        for finding in judgement.findings:
            self.fail_at(replace(finding, rule="robustness.server-error", attribute=False), exchange)
        return judgement.unjudged is not None or bool(judgement.findings)

    def fail_at(self, finding: Finding, exchange: Exchange, cause: str = "") -> None:
        """Notes a failure of a request that cannot be made smaller."""
        if self.wants(finding.rule):
            self.fail(finding, exchange, cause=cause)

    # --- confirming, reducing, attributing

    def _examine(self) -> None:
        """Looks into what was found: sends it again, makes it small, and names the rule."""
        self._examine_silence()
        found = self._without_systemic(self.suspicious)
        # What is not looked into yet stays in the list: the run may end at any request.
        self.suspicious = sorted(found, key=lambda each: _size(each[0]), reverse=True)
        seen: set[tuple[str, str]] = set()
        while self.suspicious:
            exchange, finding = self.suspicious[-1]
            if finding.attribute:
                self._isolate(exchange, finding)
            elif (finding.rule, finding.side) not in seen and self.wants(finding.rule):
                if self._examine_one(exchange, finding):
                    seen.add((finding.rule, finding.side))
            elif self.tallies[finding.rule].failures:
                self.fail(finding, exchange)
            self.suspicious.pop()

    def conclude(self) -> None:
        """Notes what was found when the run ended before it was looked into: a breach all the same, if not a small one."""
        left, self.suspicious = self.suspicious, []
        for exchange, finding in left:
            rule = finding.rule or "status.created"
            if not self.tallies[rule].failures:
                actual = f"{finding.actual} (the run ended before this was looked into)"
                self.fail_at(replace(finding, rule=rule, actual=actual), exchange)
            for aim in exchange.case.aims if finding.attribute else ():
                self.tallies[aim.rule].unjudged.setdefault(
                    "accepts", "refused with others; the run ended before it was known which"
                )

    def _without_systemic(self, found: list[tuple[Exchange, Finding]]) -> list[tuple[Exchange, Finding]]:
        """A server that accepts nearly everything has one fault and not hundreds: it is told once."""
        accepted = [each for each in found if each[1].side == "rejects" and each[1].rule != "status.refused"]
        refused = self.tallies["status.refused"].held.get("rejects", 0)
        if len(accepted) < _SYSTEMIC or len(accepted) < 4 * refused:
            return found
        self.accepts_anything = True
        exchange, finding = min(accepted, key=lambda each: _size(each[0]))
        actual = f"{finding.actual}, as {len(accepted)} of {len(accepted) + refused} invalid bodies were"
        self.fail_at(replace(finding, rule="status.refused", actual=actual), exchange)
        for _, each in accepted:
            self.tallies[each.rule].skipped = "nearly every invalid body was accepted: see status.refused"
        return [each for each in found if each not in accepted]

    def _examine_silence(self) -> None:
        """A request that gets no answer twice, while another does, is a breach and not an accident of the network."""
        found, self.unanswered = self.unanswered, []
        for exchange in found[:3]:
            again = self._probe(replace(exchange.case, phase="reduce"))
            if again.error is None or self.baseline is None or self._probe(self.baseline.case).error is not None:
                continue
            expected = "an answer, as other requests get one"
            path = exchange.case.culprit or ()
            self.fail_at(Finding("robustness.answers", "robustness", expected, str(again.error), path), exchange)

    def _examine_one(self, exchange: Exchange, finding: Finding) -> bool:
        """Whether the finding could be shown again."""
        if not self._again(exchange, finding):
            self._intermittent(exchange, finding)
            return False
        if exchange.case.side is Side.REJECTS or not isinstance(exchange.case.body, dict):
            self.fail(finding, exchange)
            return True
        smallest = exchange

        def shows(body: Json) -> bool:
            nonlocal smallest
            attempt = self._probe(exchange.case.with_body(body))
            if not any(_same(each, finding) for each in self.judge.judge(attempt).findings):
                return False
            smallest = attempt
            return True

        try:
            Reducer(self.plan.oracle, 40).reduce(exchange.case.body, shows, first=self._guesses(exchange.case, finding))
        finally:
            final = next((each for each in self.judge.judge(smallest).findings if _same(each, finding)), finding)
            self.fail(final, smallest)
        return True

    def _guesses(self, case: Case, finding: Finding) -> Iterator[Json]:
        """Bodies that may well show the same failure: none at all, and just the value in question."""
        yield {}
        value = at(case.body, finding.path)
        node = self.plan.oracle.root.at(finding.path)
        if finding.path and node is not None and value is not None:
            built = Builder(self.plan.oracle).around(node, value)
            if built:
                yield built[0]

    def _again(self, exchange: Exchange, finding: Finding) -> bool:
        """Whether the same request shows the same finding once more."""
        attempt = self._probe(replace(exchange.case, phase="reduce"))
        return any(_same(each, finding) for each in self.judge.judge(attempt).findings)

    def _intermittent(self, exchange: Exchange, finding: Finding) -> None:
        actual = f"once {finding.actual}; when it was sent again, not"
        told = Finding("robustness.repeatable", "robustness", finding.expected, actual, finding.path)
        self.fail(told, exchange, intermittent=True)

    def _probe(self, case: Case) -> Exchange:
        return self.exchange(case)

    def _isolate(self, exchange: Exchange, finding: Finding) -> None:
        """Takes a refused pack apart until every culprit in it is named."""
        body = exchange.case.body
        if self.culprits:
            # Most packs are refused for what is known by now: without it they pass.
            rest = self._rest(body)
            if rest is None or self._refused(exchange.case, rest) is None:
                return
            body = rest
        elif not any(each.attribute for each in self.judge.judge(self._probe(replace(exchange.case, phase="reduce"))).findings):
            self._intermittent(exchange, finding)
            return
        for _ in range(_CULPRITS_A_PACK):
            smallest, last = self._reduce_refused(exchange, body)
            culprit = self.attribution.culprit(
                exchange.case, smallest, lambda candidate: self._refused(exchange.case, candidate) is not None
            )
            told = next((each for each in self.judge.judge(last).findings if each.attribute), finding)
            rule = culprit.rule if culprit.rule in self.catalogue.rules else "status.created"
            # A 5xx breaks a promise of its own, whatever field brings it about.
            crashed = last.status >= 500
            expected = self._expects(rule, told)
            named = Finding(
                "robustness.server-error" if crashed else rule,
                "robustness" if crashed else "accepts",
                expected,
                told.actual,
                culprit.paths[0],
            )
            self.fail(named, last, culprits=culprit.paths)
            self.culprits |= {self.plan.oracle.place(path) for path in culprit.paths}
            self.culprit_values |= (
                {repr(at(body, path)) for path in self._origins(body, smallest, culprit.paths)} if crashed else set()
            )
            rest = self._rest(body)
            if rest is None or self._refused(exchange.case, rest) is None:
                return
            body = rest

    def _expects(self, rule: str, finding: Finding) -> str:
        requirement = self.catalogue.rules[rule].requirement
        return f"{finding.expected} ({requirement})"

    def _reduce_refused(self, exchange: Exchange, body: Json) -> tuple[Json, Exchange]:
        last = exchange

        def shows(candidate: Json) -> bool:
            nonlocal last
            attempt = self._refused(exchange.case, candidate)
            if attempt is not None:
                last = attempt
            return attempt is not None

        smallest = Reducer(self.plan.oracle, 120).reduce(body, shows, first=iter([{}]))
        return smallest, last

    def _refused(self, case: Case, body: Json) -> Exchange | None:
        """The exchange if the server refuses this valid body, else None."""
        attempt = self._probe(case.with_body(body))
        judgement = self.judge.judge(attempt)
        if any(each.attribute for each in judgement.findings):
            return attempt
        # What is accepted on the way verifies what it carries, as a pack would have.
        for rule, side in judgement.held:
            self.hold(rule, side, attempt)
        return None

    def _origins(self, body: Json, smallest: Json, paths: Sequence[Path]) -> list[Path]:
        """Where in the pack the values stood that the reduced body still holds, whole."""
        places = {self.plan.oracle.place(path) for path in paths if path}
        parts = [str(at(smallest, path)) for path in paths]
        return [
            path
            for path in _all_paths(body)
            if path and self.plan.oracle.place(path) in places and any(part in str(at(body, path)) for part in parts)
        ]

    def _rest(self, body: Json) -> Json | None:
        """The pack without the fields and values that are known to be refused; None if nothing else is in it."""
        places = set(self.culprits)
        for _ in range(_LEVELS):
            rest = self._stripped(body, places)
            if rest == body or not rest:
                return None
            done = rest if self.plan.oracle.obeys(rest) else Builder(self.plan.oracle).complete(rest)
            back = {place for place in places if done is not None and self._holds(done, place)}
            if done is not None and not back:
                return done
            # What the rest needs the field for goes as well, level by level.
            places |= {around for place in back or places if (around := _around(place))}
        return None

    def _stripped(self, body: Json, places: set[str]) -> Json:
        rest = body
        for path in sorted(_all_paths(body), key=len, reverse=True):
            known = self.plan.oracle.place(path) in places or repr(at(rest, path)) in self.culprit_values
            if path and known and at(rest, path[:-1]) is not None:
                rest = without(rest, path)
        return rest

    def _holds(self, body: Json, place: str) -> bool:
        return any(path and self.plan.oracle.place(path) == place for path in _all_paths(body))

    # --- the end

    def verdicts(self) -> list[Verdict]:
        """The verdict on each selected rule."""
        rules = [rule for rule in self.catalogue.rules.values() if self.wants(rule.id)]
        if self.culprits:
            for rule in rules:
                self.tallies[rule.id].skipped = self.tallies[rule.id].skipped or _HIDDEN
        return [verdict(rule, self.tallies[rule.id], strict=self.strict) for rule in rules]


def _around(place: str) -> str:
    """The place of the object that a field is a member of, past the list or map that holds it; empty for the body."""
    around = place.rpartition(".")[0]
    while around.endswith(".*"):
        around = around.removesuffix(".*")
    return around


def _same(one: Finding, other: Finding) -> bool:
    return (one.rule, one.side) == (other.rule, other.side)


def _size(exchange: Exchange) -> int:
    return len(exchange.case.content or b"")


def _all_paths(value: Json, path: Path = ()) -> list[Path]:
    found = [path]
    if isinstance(value, dict):
        for key, member in value.items():
            found += _all_paths(member, (*path, key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            found += _all_paths(element, (*path, index))
    return found
