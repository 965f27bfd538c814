"""The suite killed at random moments, and what is made of what it leaves."""

from __future__ import annotations

import signal
from dataclasses import replace
from random import Random

from benchmarks.reliability.bed import Bed, Trial, consent
from benchmarks.reliability.scenario import MOST_SEEDS, Go, Scenario
from benchmarks.reliability.seen import Bounds, Seen
from benchmarks.reliability.suite import Ended, carry_out, options_of
from benchmarks.reliability.verdicts import Verdicts

_SOME = 200  # requests by which a run has noted verdicts


def _then_clean_up(bed: Bed, trial: Trial) -> None:
    trial.ended = _after(trial.ended, carry_out(["report", str(trial.out / "run.jsonl")], bed.home()))
    if not options_of("cleanup"):
        trial.absent.append("no cleanup")
        return
    cleaned = carry_out(["cleanup", str(trial.out), *_consent_of("cleanup")], bed.home())
    trial.ended = _after(trial.ended, replace(cleaned, status=trial.ended.status))
    if cleaned.status != 0:
        trial.absent.append(f"cleanup: exit {cleaned.status}")


def _then_resume(bed: Bed, trial: Trial) -> None:
    if "--resume" not in options_of("run"):
        trial.absent.append("no --resume")
        return
    target = trial.arguments[trial.arguments.index("--target") :][:2]
    trial.ended = _after(trial.ended, carry_out(["run", "--resume", str(trial.out), *target, *consent()], bed.home()))


def _consent_of(command: str) -> list[str]:
    return ["--live"] if "--live" in options_of(command) else []


def _after(first: Ended, then: Ended) -> Ended:
    """Return two commands as one: the status of the last, the output of both, the larger peak."""
    return replace(
        then,
        output=first.output + then.output,
        megabytes=max(first.megabytes, then.megabytes),
        seconds=first.seconds + then.seconds,
    )


def _killed(*, resumed: bool) -> Go:
    def go(bed: Bed, seed: int, concurrency: int) -> Seen:
        whole = bed.quiet(seed, 8)
        moment = Random(f"kill:{seed}:{concurrency}:{resumed}").randrange(whole.proxy.ledger.requests)
        proxy = bed.proxy(seed)

        def then(trial: Trial) -> None:
            (_then_resume if resumed else _then_clean_up)(bed, trial)

        trial = bed.trial(proxy, concurrency, how=bed.at(proxy, signal.SIGKILL, moment), then=then)
        judged = trial.verdicts.judged
        late = moment > max(_SOME, whole.proxy.ledger.requests / 2)
        _note_missing(trial, whole.verdicts, resumed=resumed, late=late)
        note = f"killed at request {moment}, {judged} of {whole.verdicts.judged} rules judged"
        return replace(trial.seen(whole.verdicts), note=note)

    return go


def _note_missing(trial: Trial, whole: Verdicts, *, resumed: bool, late: bool) -> None:
    judged = trial.verdicts.judged
    if resumed and not trial.absent and judged < whole.judged:
        trial.absent.append("fewer verdicts than a whole run")
    if not resumed and late and judged == 0:
        trial.absent.append("no verdict in the report")


SCENARIOS = (
    Scenario(
        name="kill -9, then report and cleanup",
        group="kills",
        bounds=Bounds(statuses=frozenset({0, 3})),
        go=_killed(resumed=False),
        seeds=MOST_SEEDS,
        tiny=True,
    ),
    Scenario(
        name="kill -9, then resume",
        group="kills",
        bounds=Bounds(statuses=frozenset({0}), errors=0),
        go=_killed(resumed=True),
        concurrencies=(8,),
    ),
)
