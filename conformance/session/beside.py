"""Sessions beside each other: several descriptions of one server, judged in one run that sends no request twice.

The sessions take turns. They share what they send, the created objects with their budget, and the numbers of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from conformance.http.shared_exchanges import Pool, Shared
from conformance.session.session import Session


def set_beside(sessions: Sequence[Session]) -> None:
    """Let sessions share exchanges, objects and budgets; none of them has sent anything yet."""
    first, pool = sessions[0], Pool()
    for session in sessions:
        if session is not first:
            own = session.objects
            # The copies hold the same objects: what one session creates or deletes exists or is gone for all of them.
            session.objects = replace(first.objects, contract=own.contract, identifier=own.identifier)
            session.client.join(first.client)
        session.sender.objects = session.objects
        session.sender.shared = Shared(pool, session.client, session.objects, session.sender.retries.statuses)


def take_turn(session: Session, before: Session) -> None:
    """Let a session go on where another one has stopped for now."""
    if session is not before:
        session.sender.go_on_from(before.sender)
        session.log.go_on_from(before.sender.sent)
