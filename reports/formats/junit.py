"""JUnit XML: a suite per area, a test case per rule; failure, error and skip stay apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, pairwise
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reports.reasons import reason_of
from reports.record.entries import Failure, RuleEntry, Verdict
from reports.record.recorded_run import Run
from reports.reproduce import curl
from reports.status import RuleStatus, RunStatus, decide

# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RED = {
    RuleStatus.FAIL: "",
    RuleStatus.EXPIRED: "The expected failure of this rule has expired.\n",
    RuleStatus.STALE: "",
}


def junit(run: Run, run_status: RunStatus | None = None) -> bytes:
    """Return the run as a JUnit document in UTF-8."""
    run_status = run_status or decide(run)
    root = Element("testsuites", name=_clean(run.header.suite))
    times = _times(run)
    for area in dict.fromkeys(rule.area for rule in run.rules.values()):
        rules = [rule for rule in run.rules.values() if rule.area == area]
        _suite(root, area, rules, run, run_status, times)
    _count_all(root, list(root))
    indent(root)
    document = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{document}\n'.encode()


def _suite(root: Element, area: str, rules: list[RuleEntry], run: Run, run_status: RunStatus, times: Mapping[str, int]) -> None:
    suite = SubElement(root, "testsuite", name=_clean(area))
    for rule in rules:
        case = SubElement(suite, "testcase", classname=_clean(f"conformance.{area}"), name=_clean(rule.id))
        verdict = run.verdicts[rule.id]
        case.set("time", _seconds(times[rule.id]))
        for tag, message, text in _results(rule, verdict, run_status.rule_statuses[rule.id], run):
            result = SubElement(case, tag, message=_clean(message))
            if tag != "skipped":
                result.set("type", _clean(rule.level))
                result.text = _clean(text)
        if verdict.observed:
            SubElement(case, "system-out").text = _clean(f"Observed: {verdict.observed}")
    suite.set("timestamp", run.header.started[:19])
    suite.set("hostname", _clean(run.header.target))
    _count(suite)


def _results(rule: RuleEntry, verdict: Verdict, rule_status: RuleStatus, run: Run) -> Iterator[tuple[str, str, str]]:
    """Yield at most one result: a test case of JUnit has no room for more."""
    match rule_status:
        case RuleStatus.FAIL | RuleStatus.EXPIRED:
            text = "\n\n".join(_failure(failure, run) for failure in verdict.failures)
            yield "failure", rule.requirement, _RED[rule_status] + text
        case RuleStatus.STALE:
            yield "failure", "A expected failure is stale: the rule passes.", rule.requirement
        case RuleStatus.ERROR:
            yield "error", reason_of(verdict), reason_of(verdict)
        case RuleStatus.SKIP:
            yield "skipped", reason_of(verdict), ""
        case RuleStatus.KNOWN:
            yield "skipped", "A expected failure: the rule fails, and is expected to.", ""
        case _:
            return


def _failure(failure: Failure, run: Run) -> str:
    command = curl(failure.request, run.header.target, run.header.credentials)
    return f"[{failure.side}]\nExpected: {failure.expected}\nActual:   {failure.actual}\n\n{command}"


def _times(run: Run) -> dict[str, int]:
    """Return what each rule took of the run, in milliseconds that sum to the duration of the run.

    One exchange is about many rules, and many are under way at once: their times are shared out, not added up. A rule takes
    a share of each exchange that its verdict names. For example, two rules of a run of 3 s: one with an exchange of its own
    of 1 s, and both with one of 2 s. The first takes 2 s of the run, the second takes 1 s.
    """
    sharing = Counter(number for verdict in run.verdicts.values() for number in set(verdict.exchanges))
    weights = {
        rule: sum(run.exchanges[number].seconds / sharing[number] for number in set(verdict.exchanges) & run.exchanges.keys())
        for rule, verdict in run.verdicts.items()
    }
    whole = sum(weights.values())
    shares = weights if whole else dict.fromkeys(weights, 1.0)
    # The ends of the shares are rounded, not the shares: so they sum to the whole.
    ends = [round(run.seconds * 1000 * end / (whole or len(shares))) for end in accumulate(shares.values())]
    return {rule: end - begin for rule, (begin, end) in zip(shares, pairwise([0, *ends]), strict=True)}


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // 1000}.{milliseconds % 1000:03d}"


def _count(suite: Element) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", _sum(cases))


def _count_all(root: Element, suites: Iterable[Element]) -> None:
    suites = list(suites)
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", _sum(suites))


def _sum(timed: Iterable[Element]) -> str:
    return _seconds(sum(round(1000 * float(each.get("time", "0"))) for each in timed))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
