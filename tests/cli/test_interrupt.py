from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from scheduler.cli.interrupt import run_interruptible

TWO_PRESSES = """
import os, signal, threading, time
from scheduler.cli.interrupt import run_interruptible

def press():
    os.kill(os.getpid(), signal.SIGINT)

def work(stop):
    press()
    while not stop():
        time.sleep(0.01)
    press()
    time.sleep(60)

run_interruptible(work, lambda: None)
"""


def test_the_result_of_the_work_is_returned() -> None:
    assert run_interruptible(lambda stop: (stop(), 7), lambda: None) == (False, 7)


def test_an_error_of_the_work_is_raised_where_it_was_started() -> None:
    def work(_stop):
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost"):
        run_interruptible(work, lambda: None)


def test_the_first_press_asks_the_work_to_stop_and_keeps_its_result() -> None:
    told = []

    def work(stop):
        os.kill(os.getpid(), signal.SIGINT)
        while not stop():
            time.sleep(0.01)
        return "best so far"

    before = signal.getsignal(signal.SIGINT)
    assert run_interruptible(work, lambda: told.append("stopping")) == "best so far"
    assert told == ["stopping"]
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_press_ends_the_process_at_once() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", TWO_PRESSES], timeout=50, check=False, capture_output=True
    )
    assert ended.returncode == 130
    assert ended.stderr == b""
