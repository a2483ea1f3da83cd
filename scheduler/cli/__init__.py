"""The command line: parses, calls the core and says what came of it."""
