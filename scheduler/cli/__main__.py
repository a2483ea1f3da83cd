"""Where ``ungeplan`` and ``python -m scheduler.cli`` begin.

The solvers take as long to load as everything else: where they are asked for, both load at once.
"""

from __future__ import annotations

import sys

from scheduler.children import make_ready

_SOLVING = {"solve", "demo", "replay"}


def main() -> None:
    """Runs the command line given to the program, and exits."""
    if _SOLVING.intersection(sys.argv[1:2]):
        make_ready()

    from scheduler.cli.app import run  # noqa: PLC0415 - loaded while the solvers are
    from scheduler.cli.voice import accept_every_character  # noqa: PLC0415

    accept_every_character()
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
