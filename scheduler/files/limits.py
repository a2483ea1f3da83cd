"""How much is read at most: beyond it a message is clear, and memory stays small."""

from __future__ import annotations

MOST_FILE_BYTES = 32 * 2**20
"""Of a CSV file or a workbook."""
MOST_PLAN_BYTES = 256 * 2**10
"""Of ``plan.toml``."""
MOST_ROWS = 250_000
"""Of one table."""
MOST_ROWS_IN_ALL = 300_000
"""Of all tables together."""
MOST_COLUMNS = 200
"""Of one table."""
MOST_ROW_CHARACTERS = 2**20
"""Of one row of a CSV file."""
