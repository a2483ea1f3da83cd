"""How fast and how well plans are found, for those who track it: see ``README.md``."""
