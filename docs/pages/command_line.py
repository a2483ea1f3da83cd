"""The command line, from the commands themselves."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import typer

from docs.pages.markdown import code, table
from scheduler.cli import exit_code
from scheduler.cli.app import ABOUT, COMMANDS, make_app


def page() -> str:
    """Every command with its arguments, options and an example."""
    group = typer.main.get_command(make_app())
    commands = "\n".join(
        _command(group.commands[command.name], command.example) for command in COMMANDS
    )
    return f"""# The command line

`ungeplan`: {ABOUT}

Texts are Danish unless `--language en` is given. Results go to standard output, progress and faults
to standard error; with `--json` only the JSON goes to standard output.

## Exit codes

{table(("code", "meaning"), _exit_codes())}
{commands}"""


def _exit_codes() -> list[tuple[str, str]]:
    body = ast.parse(inspect.getsource(exit_code.ExitCode)).body[0]
    assert isinstance(body, ast.ClassDef)
    texts = [
        " ".join(str(ast.literal_eval(node.value)).replace("``", "`").split())
        for node in body.body
        if isinstance(node, ast.Expr)
    ]
    return [
        (str(int(code)), text) for code, text in zip(exit_code.ExitCode, texts[1:], strict=True)
    ]


def _command(command: Any, example: str) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = " ".join(["ungeplan", command.name, *(one.metavar for one in arguments), "[options]"])
    listed = [(code(one.metavar), one.help) for one in arguments]
    named = [
        (code(", ".join(one.opts)), _value(one), _default(one), one.help or "") for one in options
    ]
    return f"""## ungeplan {command.name}

{command.help}

```console
$ {usage}
```

{table(("argument", "meaning"), listed) if listed else ""}
{table(("option", "value", "without it", "meaning"), named)}
Example:

```console
$ {example}
```
"""


def _value(option: Any) -> str:
    if option.is_flag:
        return ""
    choices = option.type_descriptor.choices
    if choices:
        return ", ".join(code(str(choice)) for choice in choices)
    return code(option.metavar) if option.metavar else "number"


def _default(option: Any) -> str:
    if option.required:
        return "needed"
    return "" if option.is_flag or option.default is None else code(str(option.default))
