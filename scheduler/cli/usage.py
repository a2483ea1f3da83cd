"""A command line that cannot be understood, in words."""

from __future__ import annotations

import re

import typer

from scheduler.language import Message


def word_usage(error: typer.TyperException) -> Message:
    """What is wrong with the arguments, and where to look."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "ungeplan"
    return Message("{fault} See: {command} --help", fault=_word_fault(error), command=command)


def _word_fault(error: typer.TyperException) -> Message:
    if isinstance(error, typer.BadParameter) and error.param is not None:
        what = error.param.get_error_hint().replace("'", "")
        if not error.message:
            return Message("{what} is missing.", what=what)
        return Message("{what}: expected {expected}.", what=what, expected=_expected(error))
    if type(error).__name__ == "NoSuchOption":
        return Message("There is no option {option}.", option=getattr(error, "option_name", ""))
    return _reword(error.format_message())


def _reword(text: str) -> Message:
    """What Typer says in English alone, as far as it is known."""
    if found := re.fullmatch(r"No such command '(.*?)'\. Did you mean '(.*)'\?", text):
        return Message(
            "There is no command {command}; did you mean {nearest}?",
            command=found[1],
            nearest=tuple(found[2].split("', '")),
        )
    if found := re.fullmatch(r"No such command '(.*)'\.", text):
        return Message("There is no command {command}.", command=found[1])
    if found := re.fullmatch(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)\.?", text):
        return Message("There is no place for {arguments}.", arguments=found[1])
    return Message("{what}", what=text)


def _expected(error: typer.BadParameter) -> Message:
    assert error.param is not None
    kind = error.param.type_descriptor
    if kind.choices:
        return Message("one of {choices}", choices=tuple(str(choice) for choice in kind.choices))
    least, most = kind.parameter_info.min, kind.parameter_info.max
    if isinstance(least, float):
        return Message("a number from {least} to {most}", least=str(least), most=int(most or 0))
    if least is not None and most is not None:
        return Message("a whole number from {least} to {most}", least=int(least), most=int(most))
    return Message("{what}", what=error.message)
