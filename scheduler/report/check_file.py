"""``check.json``: what a check of a plan found."""

from __future__ import annotations

from scheduler.check import CheckReport


def check_content(report: CheckReport) -> dict[str, object]:
    """The report as JSON can hold it."""
    return {
        "schema_version": "ungeplan-check/1",
        "sound": report.is_sound,
        "goals": report.goals.model_dump(),
        "violations": [found.model_dump(mode="json") for found in report.violations],
        "misstatements": [
            {
                "field": found.field,
                "person_id": found.person_id,
                "stated": found.stated,
                "right": found.right,
            }
            for found in report.misstatements
        ],
    }
