"""Texts in views: not yet in a language."""

from __future__ import annotations

from scheduler.language import LocalText, Message

Label = str | LocalText | Message
"""A text that `scheduler.language.show` shows in a language."""
