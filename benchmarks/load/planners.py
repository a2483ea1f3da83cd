"""A planner at work, for Locust: looks at people, sites, plans and runs, and thinks in between.

Started by `benchmarks.load.run`, which says through the environment what there is to look at.
"""

from __future__ import annotations

import itertools
import os
import random
import re
from urllib.parse import quote

from locust import HttpUser, between, task
from locust.exception import StopUser

from benchmarks.load import PASSWORD

_numbers = itertools.count(1)


class Planner(HttpUser):
    """One of the planners; thinks for one to five seconds after each page."""

    wait_time = between(1, 5)
    host = os.environ.get("LOAD_HOST")

    def on_start(self) -> None:
        """Logs in, with an account of its own."""
        self.problem = os.environ["LOAD_PROBLEM"]
        self.plans = os.environ["LOAD_PLANS"].split(",")
        self.runs = os.environ["LOAD_RUNS"].split(",")
        self.people: list[str] = []
        number = next(_numbers)
        self.draws = random.Random(number)  # noqa: S311 - no secrets
        name = f"planner-{number}"
        answer = self.client.post(
            "/login",
            {"name": name, "password": PASSWORD},
            headers={"sec-fetch-site": "same-origin"},
            name="POST /login",
        )
        if answer.url.endswith("/login"):
            raise StopUser
        self.look_at_people()

    @task(3)
    def look_at_the_front_page(self) -> None:
        """The overview."""
        self.client.get("/", name="overview")

    @task(3)
    def look_at_the_problem(self) -> None:
        """The problem in short."""
        self.client.get(f"/problems/{self.problem}", name="problem")

    @task(4)
    def look_at_people(self) -> None:
        """A page of the table."""
        page = self.draws.randint(1, 3)
        answer = self.client.get(f"/problems/{self.problem}/people?page={page}", name="people")
        found = re.findall(rf'href="/problems/{self.problem}/people/([^"?]+)"', answer.text)
        self.people = found or self.people

    @task(4)
    def search_people(self) -> None:
        """What somebody types, sorted by a column."""
        query = self.draws.choice(("1", "12", "aut", "n", "7"))
        sort = self.draws.choice(("id", "-id", ""))
        self.client.get(
            f"/problems/{self.problem}/people?search={query}&sort={sort}", name="people, searched"
        )

    @task(6)
    def look_at_a_person(self) -> None:
        """One of those last seen."""
        if self.people:
            person = self.draws.choice(self.people)
            self.client.get(f"/problems/{self.problem}/people/{quote(person)}", name="person")

    @task(2)
    def look_at_sites(self) -> None:
        """The sites."""
        self.client.get(f"/problems/{self.problem}/sites", name="sites")

    @task(2)
    def look_at_offers(self) -> None:
        """The offers."""
        self.client.get(f"/problems/{self.problem}/offers", name="offers")

    @task(5)
    def look_at_a_plan(self) -> None:
        """The whole plan page."""
        self.client.get(f"/plans/{self.draws.choice(self.plans)}", name="plan")

    @task(3)
    def look_at_a_person_in_a_plan(self) -> None:
        """Why this placement and no other, or why none."""
        if self.people:
            plan, person = self.draws.choice(self.plans), self.draws.choice(self.people)
            self.client.get(f"/plans/{plan}/people/{quote(person)}", name="person in a plan")

    @task(3)
    def look_at_a_list(self) -> None:
        """Who starts, or who waits."""
        name = self.draws.choice(("starts", "waiting"))
        self.client.get(f"/plans/{self.draws.choice(self.plans)}/{name}", name=f"plan, {name}")

    @task(3)
    def look_at_a_picture(self) -> None:
        """Timeline, heat map, money or target groups."""
        name = self.draws.choice(("weeks", "places", "money", "groups"))
        self.client.get(f"/plans/{self.draws.choice(self.plans)}/{name}", name=f"plan, {name}")

    @task(2)
    def compare_plans(self) -> None:
        """What is different between two plans."""
        first, second = self.plans[:2]
        self.client.get(f"/plans/{second}/difference?other={first}", name="difference")

    @task(3)
    def watch_a_run(self) -> None:
        """A run under way, as the page asks for it every other second."""
        run = self.draws.choice(self.runs)
        self.client.get(f"/runs/{run}", name="run")
        self.client.get(f"/runs/{run}/progress", name="run, progress")
