"""Programs that ask for runs, and ask again under the same key until they are answered."""

from __future__ import annotations

import itertools
import threading
import time
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx2 as httpx

from tests.api.kills.fleet import Fleet

_ACCEPTED = 202
_PATIENCE_SECONDS = 120


@dataclass
class Sender:
    """Sends to whichever web process answers."""

    whole: Fleet
    token: str
    problem_id: int
    answers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The run that each key was told."""
    wrongs: list[str] = field(default_factory=list)
    broken: int = 0
    """How often a web process died, or was dead, when it was asked."""
    _turns: itertools.count[int] = field(default_factory=itertools.count)
    _programs: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(6))
    _sent: list[Future[None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, key: str, times: int) -> None:
        """A run is asked for, so many times at once."""
        self._sent += [self._programs.submit(self._ask, key) for _ in range(times)]

    def wait(self) -> None:
        """Everything that was sent has been answered."""
        for each in self._sent:
            each.result()
        self._sent.clear()

    def close(self) -> None:
        """No thread is left."""
        self._programs.shutdown(cancel_futures=True)

    def _ask(self, key: str) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            web = self.whole.webs[next(self._turns) % len(self.whole.webs)]
            try:
                answer = httpx.post(
                    f"http://127.0.0.1:{web.port}/api/v1/problems/{self.problem_id}/runs",
                    json={},
                    headers={"authorization": f"Bearer {self.token}", "idempotency-key": key},
                    timeout=30,
                )
            except httpx.TransportError:
                self.broken += 1
                time.sleep(0.2)
                continue
            with self._lock:
                if answer.status_code == _ACCEPTED:
                    self.answers[key].add(answer.json()["id"])
                else:
                    self.wrongs.append(f"{key}: {answer.status_code} {answer.text}")
            return
        self.wrongs.append(f"{key}: nobody answered")
