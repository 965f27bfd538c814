"""The choice of a run among the cases of its plan: by the selection of rules, by their needs, and by the shard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.profiles import Profile, Selection
from conformance.profiles.narrowing import MOST_OTHERS, Narrowing, is_positive, phases_for, spread
from conformance.profiles.sharding import Share
from strategies.case import Case, Side

REPLAYED = "examples"  # the phase of what failed in an earlier run, whatever it was about


@dataclass(frozen=True)
class Choice:
    """Decides what a run sends. `share` is the part of a shard, None where one run carries out everything."""

    profile: Profile
    selection: Selection
    narrowing: Narrowing
    share: Share | None = None
    shows_refusals: bool = False  # whether any refusal bears on a rule that the run is about

    def wants(self, rule: str) -> bool:
        """Return whether the run is about a rule: it is selected, and one of the rules of this shard."""
        return self.selection.wants(rule) and (self.share is None or rule in self.share.rules)

    def is_wanted(self, case: Case) -> bool:
        """Return whether a case bears on a rule that the run is about, and is needed for it."""
        if self.narrowing.is_narrow and is_positive(case):
            return self.narrowing.needs(case)
        if self.is_thrifty and case.side is Side.REJECTS:
            return self.narrowing.needs_rejection(case)
        is_of_share = self.share is None or is_positive(case) or any(map(self.wants, case.rules()))
        return is_of_share and (self.shows_refusals or self.selection.wants_any(case))

    @property
    def is_thrifty(self) -> bool:
        """Return whether few rules are selected and requests are scarce: few cases are to decide each rule then."""
        return self.narrowing.is_narrow and self.profile.few and self.narrowing.is_sparing

    def needed(self, cases: Iterable[Case], most: int = MOST_OTHERS) -> list[Case]:
        """Return the cases of wanted rules; so many of each rule at the most, where few cases are to decide it."""
        wanted = [case for case in cases if self.wants(case.rule)]
        return spread(wanted, most) if self.is_thrifty else wanted

    def part_of(self, cases: Iterable[Case]) -> Iterable[Case]:
        """Return the cases without those valid bodies that other shards send."""
        return filter(self.has_part, cases)

    def has_part(self, case: Case) -> bool:
        """Return whether this shard sends a valid body: any without shards, or where few rules are selected."""
        return self.share is None or self.narrowing.is_narrow or not is_positive(case) or self.share.needs(case)

    def needs_phase(self, name: str) -> bool:
        """Return whether a phase verifies a rule that the run is about. Shards have parts of all phases but of the state."""
        if self.narrowing.is_narrow:
            needed = phases_for(self.narrowing.rules)
        else:
            needed = phases_for(self.share.rules) if self.share is not None and name == "state" else None
        return needed is None or name in needed or name == REPLAYED
