"""What the broker of the tests omits: a process without a sign of life is no member of its group any more."""

from __future__ import annotations

import contextlib
import threading
import time

from indexer.core.kafka.address import Address
from indexer.core.tracks import Seconds

SESSION_SECONDS: Seconds = 10.0
"""Without a sign of life, before others take over; as long as the processes ask brokers for."""

_LOOK_SECONDS: Seconds = 1.0
_ANSWER_MS = 3_000


class Expiry(threading.Thread):
    """Has a group that waits for one of its members for that long go on without it.

    The broker does not say which that is, so that all are taken to be gone; those that live join again.
    """

    def __init__(self, address: Address, group: str) -> None:
        super().__init__(name="expiry", daemon=True)
        self._address = address
        self._group = group
        self._ended = threading.Event()

    def run(self) -> None:
        from kafka.errors import KafkaError

        since: float | None = None
        while not self._ended.wait(_LOOK_SECONDS):
            with contextlib.suppress(KafkaError, OSError, KeyError):
                if not self._is_waiting(evict=since is not None and time.monotonic() - since > SESSION_SECONDS):
                    since = None
                elif since is None:
                    since = time.monotonic()

    def close(self) -> None:
        self._ended.set()
        self.join()

    def _is_waiting(self, *, evict: bool) -> bool:
        """Whether members are waited for; where they are to be evicted, they are not any more."""
        from kafka.admin import KafkaAdminClient, MemberToRemove

        asked = KafkaAdminClient(bootstrap_servers=self._address.servers, request_timeout_ms=_ANSWER_MS)
        try:
            group = asked.describe_groups([self._group])[self._group]
            if "Rebalance" not in group["group_state"]:
                return False
            if evict:
                members = [MemberToRemove(member_id=each["member_id"]) for each in group["members"]]
                asked.remove_group_members(self._group, members)
            return not evict
        finally:
            asked.close()
