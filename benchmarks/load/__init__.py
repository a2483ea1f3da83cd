"""How fast pages are while planners click and plans are being made."""

PASSWORD = "a password for the load"  # noqa: S105 - of made-up accounts in a database of its own
