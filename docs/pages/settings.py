"""The settings of ``ungeplan serve``, from the settings themselves."""

from __future__ import annotations

from api.settings import PREFIX, Settings
from docs.pages.markdown import code, table


def page() -> str:
    """Every setting with its meaning."""
    rows = [
        (
            code(PREFIX + name.upper()),
            code(str(field.default)) if field.default not in {None, ""} else "",
            " ".join((field.description or "").split()),
        )
        for name, field in Settings.model_fields.items()
    ]
    return f"""# Settings

What `ungeplan serve` takes from the environment. Its options `--host`, `--port`, `--data` and
`--allow-plain-http` go before them. A variable that begins with `{PREFIX}` and is no setting stops
the start: it is a slip of the pen.

{table(("variable", "without it", "meaning"), rows)}"""
