"""``python -m scheduler.cli``."""

from scheduler.cli.app import main

if __name__ == "__main__":
    main()
