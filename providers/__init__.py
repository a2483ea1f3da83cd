"""The supply side: who offers courses, where, when and at what price.

Pure data: nothing here imports anything but pydantic and this package.
"""

from providers.contract import Contract
from providers.money import Ore, SignedOre, split_evenly
from providers.offer import Offer
from providers.provider import Provider
from providers.record import Amount, Code, DomainId, Name, Record, WeekCount
from providers.site import Capacity, Closure, Site
from providers.week import Week

__all__ = [
    "Amount",
    "Capacity",
    "Closure",
    "Code",
    "Contract",
    "DomainId",
    "Name",
    "Offer",
    "Ore",
    "Provider",
    "Record",
    "SignedOre",
    "Site",
    "Week",
    "WeekCount",
    "split_evenly",
]
