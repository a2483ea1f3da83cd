"""``--help`` in the language asked for."""

from __future__ import annotations

from typing import Any

from scheduler.language import Language, translate


def in_language(command: Any, language: Language) -> Any:
    """`command`, its options and its subcommands with their texts translated in place."""
    command.help = translate(command.help, language) if command.help else None
    if command.epilog:
        command.epilog = f"{translate('Example:', language)} {command.epilog}"
    for parameter in command.params:
        if parameter.help:
            parameter.help = translate(parameter.help, language)
    for child in getattr(command, "commands", {}).values():
        in_language(child, language)
    return command
