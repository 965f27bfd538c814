"""The report of a run as one page."""

from __future__ import annotations

from pathlib import Path

from reports.difference.drift import Drift
from reports.html.charts import timeline, whiskers
from reports.html.environment import environment, page
from reports.html.exchanges import shelf
from reports.html.fields import field_map
from reports.html.nights import nights_chart, trend_rows
from reports.html.overview import overview
from reports.html.rules import RuleView, rule_views
from reports.html.stored import packed
from reports.html.words import WORDS, moment
from reports.quantities import day
from reports.reasons import shared_reasons
from reports.record.entries import RequirementEntry
from reports.record.recorded_run import Run
from reports.reproduce import Place
from reports.spoken import Spoken
from reports.status import RED, RuleStatus, RunStatus
from reports.trend.history import History
from reports.trend.news import news
from reports.trend.trends import Trend, trends

STYLES = ["tokens.css", "page.css", "failures.css", "comparison.css", "rules.css", "fields.css", "charts.css", "print.css"]
SCRIPTS = ["theme.js", "copy.js", "stored.js", "drawer.js", "filters.js", "matrix.js"]
# Failures shown in full on the page itself; every one of them can be opened.
_MOST_CARDS = 20


def report_html(
    run: Run,
    run_status: RunStatus,
    *,
    record: Path,
    nights: History | None = None,
    drift: Drift | None = None,
    spoken: Spoken | None = None,
) -> bytes:
    """Return the report as a page in UTF-8 that loads nothing and runs only its own script.

    `drift` is what moved since the last night. `spoken` shows the run as judged by two descriptions, of which `run` is one.
    """
    nights = nights or History()
    rules = rule_views(run, run_status, Place(run.header.target, run.header.credentials, str(record)))
    reported = trends(nights.nights, run.rules)
    return page(
        "report.html",
        styles=STYLES,
        scripts=SCRIPTS,
        run=run,
        run_status=run_status,
        overview=overview(run, run_status, drift),
        drift=drift,
        spoken=spoken,
        rules=rules,
        listed=_by_status(rules),
        groups=_groups(rules, run_status),
        most_cards=_MOST_CARDS,
        timeline=timeline(run),
        whiskers=whiskers(run),
        nights=nights,
        chart=nights_chart(nights),
        trends=reported,
        news=news(reported),
        trend_rows=trend_rows(reported),
        unjudged=shared_reasons(run, run_status, RuleStatus.ERROR, RuleStatus.SKIP),
        stored={
            "sections": packed(_sections_of(run, run_status, rules)),
            "details": packed(_details(rules, reported)),
            "exchanges": packed(_exchanges(run, rules)),
        },
        RuleStatus=RuleStatus,
        words=WORDS,
        moment=moment,
        day=day,
    )


def _groups(rules: dict[str, RuleView], run_status: RunStatus) -> list[tuple[RuleView, list[RuleView]]]:
    """Return the rules that turn the run red, each with those that fail for the same cause."""
    red = {rule_id: rules[rule_id] for rule_id in run_status.rules(*(RED - {RuleStatus.STALE}))}
    led: dict[str, list[RuleView]] = {rule_id: [] for rule_id in red}
    for rule_id, rule in red.items():
        leader = next((cause for cause in rule.causes if cause in red and not _led(rules[cause])), None)
        if leader:
            led[leader].append(rule)
            led.pop(rule_id, None)
    return [(rules[rule_id], followers) for rule_id, followers in led.items()]


def _led(rule: RuleView) -> bool:
    """Return whether a rule fails for the cause of another one, so that it leads no group."""
    return bool(rule.causes) and all(failure.failure.cause != rule.id for failure in rule.failures)


def _sections_of(run: Run, run_status: RunStatus, rules: dict[str, RuleView]) -> dict[str, str]:
    """Return the long sections that a script takes out of the page: the field map and the requirements."""
    values = {"fields": field_map(run, run_status), "requirements": _by_section(run), "rules": rules, "words": WORDS}
    templates = {"fields": "field_map.html", "requirements": "requirement_list.html"}
    return {name: environment().get_template(template).render(values) for name, template in templates.items()}


def _details(rules: dict[str, RuleView], reported: dict[str, Trend]) -> dict[str, str]:
    template = environment().get_template("rule.html")
    return {
        rule_id: template.render(rule=rule, words=WORDS, rules=rules, trend=reported[rule_id], day=day)
        for rule_id, rule in rules.items()
    }


def _by_status(rules: dict[str, RuleView]) -> list[RuleView]:
    """Return the rules that need attention first, else the order of the catalogue."""
    order = list(RuleStatus)
    return sorted(rules.values(), key=lambda rule: order.index(rule.rule_status))


def _by_section(run: Run) -> dict[str, list[RequirementEntry]]:
    sections: dict[str, list[RequirementEntry]] = {}
    for entry in run.requirements:
        sections.setdefault(entry.section, []).append(entry)
    return sections


def _exchanges(run: Run, rules: dict[str, RuleView]) -> dict[int, str]:
    template = environment().get_template("exchange.html")
    rows = (rule.rows for rule in _by_status(rules))
    rendered = {each.row.number: template.render(exchange=each) for each in shelf(run, rows)}
    # Packs of one kind are about as long as each other, and side by side within the reach of gzip: a quarter is saved.
    return dict(sorted(rendered.items(), key=lambda each: len(each[1])))
