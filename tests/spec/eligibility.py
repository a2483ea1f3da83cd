"""Spec cases of `eligibility`."""

from small import person, site, week

from providers import Provider
from scheduler.person import Travel
from spec.case import case, own, place


def _ada(**changes: object) -> tuple:
    return (person("ada", **changes), person("bo"))


_NEAR = (Travel(from_area="north", to_area="south", minutes=30),)

CASES = (
    case(
        "One of several target groups is enough for programme and site",
        place(),
        people=_ada(target_groups=("autism", "blind")),
        programmes=(own(target_groups=("autism", "brain-injury")),),
        sites=(site("cafe", target_groups=("blind",)),),
    ),
    case(
        "The programme takes other target groups",
        place(),
        programmes=(own(target_groups=("blind",)),),
        expected=(("eligibility", "target-group-programme"),),
    ),
    case(
        "The site takes other target groups",
        place(),
        sites=(site("cafe", target_groups=("blind",)),),
        expected=(("eligibility", "target-group-site"),),
    ),
    case(
        "A programme that names no status takes any",
        place(),
        people=_ada(status="education-ready"),
        programmes=(own(statuses=()),),
    ),
    case(
        "The programme does not take the status",
        place(),
        people=_ada(status="education-ready"),
        expected=(("eligibility", "status"),),
    ),
    case(
        "The programme's least and most age are taken",
        place(),
        place("bo"),
        people=(person("ada", age=18), person("bo", age=29)),
        programmes=(own(least_age=18, most_age=29),),
    ),
    case(
        "Too young",
        place(),
        people=_ada(age=17),
        programmes=(own(least_age=18),),
        expected=(("eligibility", "age"),),
    ),
    case(
        "Too old",
        place(),
        people=_ada(age=30),
        programmes=(own(most_age=29),),
        expected=(("eligibility", "age"),),
    ),
    case(
        "The age is not known, and the programme has a limit",
        place(),
        programmes=(own(most_age=29),),
        expected=(("eligibility", "age"),),
    ),
    case(
        "A start in the last eligible week",
        place(),
        people=_ada(last_eligible_week=week("2016-W27")),
    ),
    case(
        "A start in the week after the last eligible week",
        place(start="2016-W28"),
        people=_ada(last_eligible_week=week("2016-W27")),
        expected=(("eligibility", "last-eligible-week"),),
    ),
    case(
        "Every need is met",
        place(),
        people=_ada(needs=("step-free", "quiet-room")),
        sites=(site("cafe", equipment=("quiet-room", "step-free", "lift")),),
    ),
    case(
        "One of two needs is not met",
        place(),
        people=_ada(needs=("step-free", "quiet-room")),
        sites=(site("cafe", equipment=("step-free",)),),
        expected=(("eligibility", "needs"),),
    ),
    case(
        "Another site is ruled out",
        place(),
        people=_ada(excluded_sites=("workshop",), excluded_providers=("other",)),
        sites=(site("cafe"), site("workshop")),
        providers=(
            Provider(id="city", name="The city", kind="municipal"),
            Provider(id="other", name="Other", kind="non-profit"),
        ),
    ),
    case(
        "The site is ruled out",
        place(),
        people=_ada(excluded_sites=("cafe",)),
        expected=(("eligibility", "excluded-site"),),
    ),
    case(
        "The provider is ruled out",
        place(),
        people=_ada(excluded_providers=("city",)),
        expected=(("eligibility", "excluded-provider"),),
    ),
    case(
        "Travel of just the most minutes",
        place(),
        people=_ada(area="north", most_travel_minutes=30),
        sites=(site("cafe", area="south"),),
        travel=_NEAR,
    ),
    case(
        "Travel within one area is no travel",
        place(),
        people=_ada(area="north", most_travel_minutes=0),
        sites=(site("cafe", area="north"),),
    ),
    case(
        "Travel is known only the other way, but the person has no limit",
        place(),
        people=_ada(area="south"),
        sites=(site("cafe", area="north"),),
        travel=_NEAR,
    ),
    case(
        "Travel of a minute too much",
        place(),
        people=_ada(area="north", most_travel_minutes=29),
        sites=(site("cafe", area="south"),),
        travel=_NEAR,
        expected=(("eligibility", "travel"),),
    ),
    case(
        "Where the site lies is not known, and the person has a limit",
        place(),
        people=_ada(area="north", most_travel_minutes=60),
        expected=(("eligibility", "travel"),),
    ),
)
