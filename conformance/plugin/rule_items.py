"""Rules as pytest items for tests anywhere: the id of an item is the id of its rule, and no file stands behind it."""

from __future__ import annotations

import argparse
import contextlib
import datetime
from dataclasses import dataclass, field
from typing import Any

import pytest

from conformance.cli.argument_types import parser_name
from conformance.cli.command_error import CommandError
from conformance.cli.consent import consented
from conformance.cli.contradictions import refuse_contradictions
from conformance.cli.options import catalogue_from, faults_named, selected, target_from
from conformance.cli.outcome import expected_from
from conformance.cli.profile import profile_of
from conformance.cli.targets import target_of, wait_for
from conformance.plugin.failure_text import reported
from conformance.plugin.scheduling import together
from conformance.plugin.suite import UNSET, Suite, phase_of
from openapi.catalogue import Catalogue
from openapi.errors import UnusableProxy
from openapi.rules import Area, Level, Rule
from reports.exit_status import ExitStatus
from reports.expected_failures.entries import ExpectedFailures, account
from reports.record.entries import Outcome, Verdict

UNJUDGED = "conformance unjudged"  # the property of a report that is no failure of its rule
MARKER = "conformance"
_FILE = f"{MARKER}::"  # stands before ids where a plugin takes each to begin with a file


def markers() -> list[str]:
    """Return the lines that register the markers: of all rules, and of each area and level."""
    named = [*((f"the area {each}", each) for each in Area), *((f"the level {each}", each) for each in Level)]
    return [f"{MARKER}: a rule of the catalogue", *(f"{_marker(each)}: a rule of {what}" for what, each in named)]


def _marker(word: str) -> str:
    return f"{MARKER}_{word.lower().replace('-', '_')}"


@dataclass(eq=False)  # pytest keeps plugins in sets
class Rules:
    """The plugin of one session that tests rules: it adds their items, opens the run behind them, and ends it."""

    options: argparse.Namespace
    catalogue: Catalogue
    known: ExpectedFailures
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    suite: Suite | None = None
    others_failed: bool = False
    unjudged: int = 0

    @staticmethod
    def of(options: argparse.Namespace, *, sends: bool) -> Rules:
        """Return the plugin for options. UsageError where one is invalid, or where it `sends` without consent or key."""
        options = argparse.Namespace(**{**UNSET, "dry_run": not sends, **vars(options)})
        try:
            profile_of(options)
            catalogue = catalogue_from(options)
            selected([catalogue], options.select)
            faults_named(options.fault, catalogue)
            refuse_contradictions(options)
            options.reads = [parser_name(each) for each in options.reads]
            if options.target is not None:
                url = target_from(options.target, catalogue.contract.path)
                if sends:
                    consented(url, live=options.live, what="test it")
                    target = target_of(options, catalogue.contract)
                    if options.wait is not None:
                        wait_for(target, options.wait)
            return Rules(options, catalogue, expected_from(options.known) or ExpectedFailures())
        except (CommandError, UnusableProxy, argparse.ArgumentTypeError) as error:
            raise pytest.UsageError(str(error)) from None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Add an item for each rule, before `-k`, `-m` and `--lf` choose."""
        rules: list[pytest.Item | pytest.Collector] = [
            self._item(rule, session) for rule in self.catalogue.select(self.options.select)
        ]
        session.ihook.pytest_collectreport(
            report=pytest.CollectReport(MARKER, "passed", None, rules)
        )  # so that they are counted
        items += [each for each in rules if isinstance(each, pytest.Item)]

    def _item(self, rule: Rule, session: pytest.Session) -> RuleItem:
        # allure-pytest 2.16 breaks on an id without a file. With its report alone the ids have one.
        nodeid = f"{_FILE}{rule.id}" if session.config.getoption("allure_report_dir", None) else rule.id
        item: RuleItem = RuleItem.from_parent(session, name=rule.id, nodeid=nodeid, rule=rule, rules=self)
        for marker in (MARKER, _marker(rule.area), _marker(rule.level)):
            item.add_marker(marker)
        return item

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Return a scheduler that sends the rules of a phase to one worker, if the user chose none."""
        return together(config, log, self._scope)

    def _scope(self, nodeid: str) -> str:
        rule = nodeid.removeprefix(_FILE)
        return phase_of(rule) if rule in self.catalogue.rules else nodeid

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what failed and what could not be judged; with pytest-xdist this is the process that decides."""
        if report.failed and (UNJUDGED, True) in map(tuple, report.user_properties):
            self.unjudged += 1
        elif report.failed:
            self.others_failed = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """End the run; the exit status is 3 where rules could not be judged and nothing else failed."""
        self.stack.close()
        if session.exitstatus == pytest.ExitCode.TESTS_FAILED and self.unjudged and not self.others_failed:
            session.exitstatus = ExitStatus.UNJUDGED

    def verdict(self, rule: str, session: pytest.Session) -> tuple[Verdict, Suite]:
        """Return the verdict on a rule, with the run that it is from."""
        if self.suite is None:
            chosen = [each.rule.id for each in session.items if isinstance(each, RuleItem)]
            opened = Suite.opened(
                self.options, self.catalogue, seed=self.options.seed, strict=self.options.strict, select=chosen
            )
            self.suite = self.stack.enter_context(opened)
        return self.suite.verdict(rule), self.suite

    def expected(self, verdict: Verdict, target: str) -> str | None:
        """Return why a failure is expected today; None if it is not."""
        today = datetime.datetime.now(datetime.UTC).date()
        found = account(self.known, target, {verdict.rule: verdict.outcome}, today).by_rule.get(verdict.rule)
        return None if found is None or found.red else found.deviation.reason


class RuleItem(pytest.Item):
    """A rule as a test."""

    def __init__(self, *, rule: Rule, rules: Rules, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule, self.rules = rule, rules

    def runtest(self) -> None:
        """Judge the rule: skipped, failed or expected to fail, as the verdict says."""
        __tracebackhide__ = True
        verdict, suite = self.rules.verdict(self.rule.id, self.session)
        target = suite.session.client.target.url
        if verdict.outcome is Outcome.ERROR:
            self.user_properties.append((UNJUDGED, True))
            pytest.fail(f"could not be judged: {verdict.reason}", pytrace=False)
        if verdict.outcome is Outcome.SKIP:
            pytest.skip(verdict.reason or "")
        if verdict.observed is not None:
            self.user_properties.append(("observed", verdict.observed))
        if verdict.outcome is Outcome.FAIL:
            reason = self.rules.expected(verdict, target)
            if reason is not None:
                pytest.xfail(reason)
            pytest.fail(reported(self.rule, verdict, target, self.rules.catalogue.contract), pytrace=False)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Return what stands at the head of a failure: the id and the sentence."""
        return self.path, None, f"{self.rule.id}: {self.rule.requirement}"
