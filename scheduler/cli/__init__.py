"""The command line: parses, calls the core and says what came of it."""

from scheduler.cli.app import main

__all__ = ["main"]
