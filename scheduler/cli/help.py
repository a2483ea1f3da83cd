"""``--help`` in the language asked for."""

from __future__ import annotations

from typing import Any

from scheduler.language import Language, translate


def in_language(command: Any, language: Language) -> Any:
    """`command`, its options and its subcommands with their texts translated in place."""
    for text in ("help", "short_help"):
        if getattr(command, text):
            setattr(command, text, translate(getattr(command, text), language))
    if command.epilog:
        command.epilog = f"{translate('Example:', language)} {command.epilog}"
    for parameter in command.params:
        if parameter.help:
            parameter.help = translate(parameter.help, language)
    for child in getattr(command, "commands", {}).values():
        in_language(child, language)
    return command
