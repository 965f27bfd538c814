"""The reasons for which a request is not sent, and a run may end."""


class BudgetSpent(Exception):
    """The run has sent or created as much as it may."""


class CannotJudge(Exception):
    """Nothing (more) can be said about the target: it does not respond, or is not this API, or does not let us in."""


class NoRoom(Exception):
    """A request needs more objects at once than may exist, and none of them can be deleted yet."""


class Ended(Exception):
    """The run is over: nothing more is sent."""
