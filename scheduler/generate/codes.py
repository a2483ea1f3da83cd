"""The code lists of the examples and of generated cities, in the words of 2016."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.problem import CodeEntry, CodeKind

TARGET_GROUPS = (
    "cognitive-impairment",
    "intellectual-disability",
    "autism",
    "blind-or-partially-sighted",
    "brain-injury",
)
OWN_TARGET_GROUPS = ("intellectual-disability", "autism")
NEEDS = ("step-free", "quiet-room", "screen-reader", "accessible-toilet", "fixed-contact")
TASK_TYPES = (
    "kitchen",
    "it",
    "stock-keeping",
    "administration",
    "shop",
    "gardening",
    "bicycle-repair",
    "textiles",
    "woodwork",
    "media",
)
PRIORITY_BASES = ("turns-30-soon", "without-activity", "finished-school", "long-wait", "ordinary")

_LABELS: tuple[tuple[CodeKind, str, str, str], ...] = (
    (
        "target-group",
        "cognitive-impairment",
        "Kognitiv funktionsnedsættelse",
        "Cognitive impairment",
    ),
    ("target-group", "intellectual-disability", "Udviklingshæmning", "Intellectual disability"),
    ("target-group", "autism", "Autisme", "Autism"),
    (
        "target-group",
        "blind-or-partially-sighted",
        "Blind eller svagsynet",
        "Blind or partially sighted",
    ),
    ("target-group", "brain-injury", "Hjerneskade", "Brain injury"),
    ("status", "activity-ready", "Aktivitetsparat", "Activity-ready"),
    ("status", "education-ready", "Uddannelsesparat", "Education-ready"),
    ("need", "step-free", "Niveaufri adgang", "Step-free access"),
    ("need", "quiet-room", "Stille rum", "Quiet room"),
    ("need", "screen-reader", "Arbejdsplads med skærmlæser", "Screen-reader workplace"),
    ("need", "accessible-toilet", "Handicaptoilet", "Accessible toilet"),
    ("need", "fixed-contact", "Fast kontaktperson", "One contact person throughout"),
    ("task-type", "kitchen", "Køkken", "Kitchen"),
    ("task-type", "it", "IT", "IT"),
    ("task-type", "stock-keeping", "Lager", "Stock keeping"),
    ("task-type", "administration", "Administration", "Administration"),
    ("task-type", "shop", "Butik", "Shop"),
    ("task-type", "gardening", "Gartneri og grønne områder", "Gardening"),
    ("task-type", "bicycle-repair", "Cykelværksted", "Bicycle repair"),
    ("task-type", "textiles", "Tekstil og systue", "Textiles and sewing"),
    ("task-type", "woodwork", "Træværksted", "Woodwork"),
    ("task-type", "media", "Grafik og medier", "Graphics and media"),
    ("priority-basis", "turns-30-soon", "Fylder snart 30 år", "Turns 30 soon"),
    ("priority-basis", "without-activity", "Har ingen aktivitet", "Has no activity"),
    ("priority-basis", "finished-school", "Har netop afsluttet STU", "Has just finished school"),
    ("priority-basis", "long-wait", "Har ventet længe", "Has waited long"),
    ("priority-basis", "ordinary", "Almindelig henvisning", "Ordinary referral"),
    ("resource", "places", "Pladser", "Places"),
    ("resource", "support_minutes", "Støtteminutter om ugen", "Minutes of support a week"),
    ("movement-kind", "original", "Oprindelig bevilling", "Original appropriation"),
    ("movement-kind", "supplementary", "Tillægsbevilling", "Supplementary appropriation"),
    ("movement-kind", "transfer", "Omplacering", "Transfer"),
)


def list_codes(areas: Iterable[tuple[str, str, str]]) -> tuple[CodeEntry, ...]:
    """All code lists; `areas` are codes with their Danish and English labels."""
    entries = (*_LABELS, *(("area", *area) for area in areas))
    return tuple(
        CodeEntry(kind=kind, code=code, label_da=danish, label_en=english)
        for kind, code, danish, english in entries
    )
