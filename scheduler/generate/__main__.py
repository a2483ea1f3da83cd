"""``python -m scheduler.generate examples`` writes the examples into that folder again."""

import sys
from pathlib import Path

from scheduler.generate.examples import write_examples

if __name__ == "__main__":
    write_examples(Path(sys.argv[1] if len(sys.argv) > 1 else "examples"))
