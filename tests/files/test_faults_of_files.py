"""Every fault that a file can have, and exactly what is said about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from scheduler.check import pin_faults
from scheduler.errors import InputError
from scheduler.files import read_problem, reading, write_problem
from scheduler.files.table_reading import RowBudget
from scheduler.language import Message
from scheduler.person import Pin
from tests.files.folder import Change, Folder, both, cell, file, plan, table, without
from tests.small import small_problem, week

LONG = "x" * 59 + "…"
YEARS = "budget_line;year;amount\n" + "\n".join(f"line;{year};25000" for year in range(2016, 2028))


@dataclass(frozen=True)
class Case:
    name: str
    change: Change
    messages: tuple[str, ...]

    def __init__(self, name: str, change: Change, *messages: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "change", change)
        object.__setattr__(self, "messages", messages)


def fault(place: str, value: str | None, expected: str) -> str:
    if value is None:
        return f"{place}: {expected}"
    return f"{place}: “{value}” – expected {expected}"


CASES = (
    Case(
        "a number that is none",
        cell("people", 2, "age", "abc"),
        fault("people.csv, row 2, column age", "abc", "a whole number from 15 to 100"),
    ),
    Case(
        "a number too large",
        cell("people", 2, "age", "101"),
        fault("people.csv, row 2, column age", "101", "a whole number from 15 to 100"),
    ),
    Case(
        "a number with decimals",
        cell("people", 2, "age", "20,5"),
        fault("people.csv, row 2, column age", "20,5", "a whole number from 15 to 100"),
    ),
    Case(
        "an Arabic digit",
        cell("people", 2, "age", "٢٠"),
        fault("people.csv, row 2, column age", "٢٠", "a whole number from 15 to 100"),
    ),
    Case(
        "places of a year's size",
        cell("budget_movements", 2, "year", "1916"),
        fault(
            "budget_movements.csv, row 2, column year", "1916", "a whole number from 2000 to 2099"
        ),
    ),
    Case(
        "an id with a space",
        cell("people", 2, "id", "a da"),
        fault(
            "people.csv, row 2, column id",
            "a da",
            "an id: a letter or digit, then at most 63 letters, digits, _ . or -",
        ),
    ),
    Case(
        "an id that is too long",
        cell("people", 2, "id", "x" * 65),
        fault(
            "people.csv, row 2, column id",
            LONG,
            "an id: a letter or digit, then at most 63 letters, digits, _ . or -",
        ),
    ),
    Case(
        "a name of many lines",
        cell("providers", 2, "name", "Thecity"),
        fault(
            "providers.csv, row 2, column name",
            "The·city",
            "a text without line breaks and other control characters",
        ),
    ),
    Case(
        "a name that is too long",
        cell("providers", 2, "name", "x" * 201),
        fault("providers.csv, row 2, column name", LONG, "at most 200 characters"),
    ),
    Case(
        "a list with a hole",
        cell("people", 2, "target_groups", "autism,,blind"),
        fault(
            "people.csv, row 2, column target_groups",
            "autism,,blind",
            "a list with something between all its commas",
        ),
    ),
    Case(
        "a week that is none",
        cell("people", 2, "referral", "uge 20"),
        fault(
            "people.csv, row 2, column referral",
            "uge 20",
            "a week such as 2016-W26, or a date such as 27-06-2016 or 2016-06-27",
        ),
    ),
    Case(
        "a week 53 that is not",
        cell("people", 2, "referral", "2016-W53"),
        fault("people.csv, row 2, column referral", "2016-W53", "a week that 2016 has"),
    ),
    Case(
        "a week long ago",
        cell("people", 2, "referral", "1916-W20"),
        fault("people.csv, row 2, column referral", "1916-W20", "a week of the years 2000–2099"),
    ),
    Case(
        "a date long ago",
        cell("people", 2, "referral", "01-01-1916"),
        fault("people.csv, row 2, column referral", "01-01-1916", "a week of the years 2000–2099"),
    ),
    Case(
        "a date that is not in the calendar",
        cell("people", 2, "referral", "31-02-2016"),
        fault("people.csv, row 2, column referral", "31-02-2016", "a date that is in the calendar"),
    ),
    Case(
        "an American date",
        cell("people", 2, "referral", "6/27/2016"),
        fault(
            "people.csv, row 2, column referral",
            "6/27/2016",
            "a week such as 2016-W26, or a date such as 27-06-2016 or 2016-06-27",
        ),
    ),
    Case(
        "a date where no week will do",
        cell("budget_movements", 2, "date", "2016-W20"),
        fault(
            "budget_movements.csv, row 2, column date",
            "2016-W20",
            "a date such as 27-06-2016 or 2016-06-27",
        ),
    ),
    Case(
        "a truth value that is none",
        cell("people", 2, "seeks_place", "måske"),
        fault("people.csv, row 2, column seeks_place", "måske", "yes or no"),
    ),
    Case(
        "an unknown choice",
        cell("providers", 2, "kind", "private"),
        fault(
            "providers.csv, row 2, column kind",
            "private",
            "one of: social-economy, non-profit, municipal",
        ),
    ),
    Case(
        "a CVR number too short",
        cell("providers", 2, "cvr", "1234567"),
        fault("providers.csv, row 2, column cvr", "1234567", "a CVR number of eight digits"),
    ),
    Case(
        "a CVR number with a wrong check digit",
        cell("providers", 2, "cvr", "12345678"),
        fault(
            "providers.csv, row 2, column cvr",
            "12345678",
            "a CVR number whose check digit is right",
        ),
    ),
    Case(
        "a price that is none",
        cell("offers", 2, "price", "free"),
        fault("offers.csv, row 2, column price", "free", "a number such as 20000 or 20000,50"),
    ),
    Case(
        "a price that can mean two things",
        cell("offers", 2, "price", "1.234"),
        fault(
            "offers.csv, row 2, column price",
            "1.234",
            "a number that is clear: is 1234 meant, or 1,234?",
        ),
    ),
    Case(
        "a price with a comma that can mean two things",
        cell("offers", 2, "price", "12,500"),
        fault(
            "offers.csv, row 2, column price",
            "12,500",
            "a number that is clear: is 12500 meant, or 12,500?",
        ),
    ),
    Case(
        "a price with three decimals",
        cell("offers", 2, "price", "12500,505"),
        fault("offers.csv, row 2, column price", "12500,505", "a number with at most two decimals"),
    ),
    Case(
        "a negative price",
        cell("offers", 2, "price", "-5"),
        fault("offers.csv, row 2, column price", "-5", "an amount from 0 kr to 10,000,000,000 kr"),
    ),
    Case(
        "a price with a leading zero",
        cell("offers", 2, "price", "012500"),
        fault("offers.csv, row 2, column price", "012500", "a number such as 20000 or 20000,50"),
    ),
    Case(
        "a cell that is too long",
        cell("people", 2, "wishes", "x" * 32768),
        fault("people.csv, row 2, column wishes", LONG, "at most 32,767 characters"),
    ),
    Case(
        "a required cell that is empty",
        cell("people", 2, "status", ""),
        fault("people.csv, row 2, column status", None, "a value is missing"),
    ),
    Case(
        "a CPR number as an id",
        cell("people", 2, "id", "110299-1234"),
        fault(
            "people.csv, row 2, column id",
            "11••••-••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number without its leading zero",
        cell("people", 2, "id", "10299-1234"),
        fault(
            "people.csv, row 2, column id",
            "10•••-••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a number column",
        cell("people", 2, "age", "1102991234"),
        fault(
            "people.csv, row 2, column age",
            "11••••••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a CVR column",
        cell("providers", 2, "cvr", "1102991234"),
        fault(
            "providers.csv, row 2, column cvr",
            "11••••••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a price column",
        cell("offers", 2, "price", "110299 1234"),
        fault(
            "offers.csv, row 2, column price",
            "11•••• ••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number among ids",
        cell("people", 2, "known_sites", "cafe, 7102991234"),
        fault(
            "people.csv, row 2, column known_sites",
            "cafe, 71••••••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a week column",
        cell("people", 2, "referral", "110299-1234"),
        fault(
            "people.csv, row 2, column referral",
            "11••••-••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a name of the plan",
        plan('name = "Own courses"', 'name = "Own 110299-1234"'),
        fault(
            "plan.toml, [[programmes]] no. 1, key name",
            "Own 11••••-••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a header",
        cell("people", 1, "status", "110299-1234"),
        fault(
            "people.csv, row 1, column 11••••-••••",
            "11••••-••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
        fault("people.csv, row 1", None, "the column status is missing"),
    ),
    Case(
        "a CPR number in a file name",
        file("110299-1234.csv", b""),
        fault("11••••-••••.csv", None, "the name looks like a CPR number, which has no place here"),
    ),
    Case(
        "a CPR number in the title",
        plan("Small", "For 110299-1234"),
        fault(
            "plan.toml, key title",
            "For 11••••-••••",
            ("nothing that looks like a CPR number; use an id that says nothing of the person"),
        ),
    ),
    Case(
        "a CPR number in a comment of the plan",
        plan("[[stages]]", "# ask 110299-1234\n[[stages]]"),
        fault("plan.toml", None, "line 6 has a comment in which something looks like a CPR number"),
    ),
    Case(
        "an unknown column",
        cell("people", 2, "ages", "20"),
        fault(
            "people.csv, row 1, column ages",
            "ages",
            "the name of a column of people; did you mean “age”?",
        ),
    ),
    Case(
        "a column that nothing resembles",
        cell("people", 2, "shoe size", "20"),
        fault("people.csv, row 1, column shoe size", "shoe size", "the name of a column of people"),
    ),
    Case(
        "a column given twice",
        both(cell("people", 2, "age", "20"), cell("people", 2, "alder", "20")),
        fault("people.csv, row 1, column alder", "alder", "each column once; age is the same"),
    ),
    Case(
        "a column that is missing",
        table("people", "id;target_groups;referral\nada;autism;2016-W20"),
        fault("people.csv, row 1", None, "the column status is missing"),
    ),
    Case(
        "a table without a header",
        file("people.csv", b""),
        fault("people.csv", None, "there is no header row"),
    ),
    Case(
        "too many columns",
        table("people", ";".join(f"c{number}" for number in range(201))),
        fault("people.csv", None, "there are more than 200 columns"),
    ),
    Case(
        "a row that is too short",
        table("people", "id;status;target_groups;referral\nada;activity-ready"),
        fault("people.csv, row 2", None, "the row has 2 cells, but the header 4"),
        fault("people.csv, row 2, column target_groups", None, "a value is missing"),
        fault("people.csv, row 2, column referral", None, "a value is missing"),
    ),
    Case(
        "a value beyond the header",
        table("providers", "id;name;kind\ncity;The city;municipal;;x"),
        fault("providers.csv, row 2", "x", "nothing in a column without a header"),
    ),
    Case(
        "a file that is missing",
        without("people.csv"),
        fault("people.csv", None, "the file is missing"),
    ),
    Case(
        "a plan that is missing",
        without("plan.toml"),
        fault("plan.toml", None, "the file is missing"),
    ),
    Case(
        "a table that there is not",
        file("poeple.csv", b""),
        fault("poeple.csv", None, "no table has this name; did you mean “people”?"),
    ),
    Case(
        "a table that nothing resembles",
        file("notes.csv", b""),
        fault(
            "notes.csv",
            None,
            (
                "no table has this name; tables are budget_movements, people, "
                "providers, sites, offers, contracts, capacity, uses, closures, travel,"
                " ratings, enrolments, pins, codes"
            ),
        ),
    ),
    Case(
        "a table given twice",
        lambda folder: folder.files.update({"unge.csv": folder.files["people.csv"]}),
        fault("unge.csv", None, "people.csv is the same table"),
    ),
    Case(
        "a quotation mark that is not closed",
        file("people.csv", b'id;status\r\n"ada;x\r\n'),
        fault(
            "people.csv",
            None,
            "row 2 has a quotation mark that is never closed, or text after a closed one",
        ),
        fault("people.csv, row 1", None, "the column target_groups is missing"),
        fault("people.csv, row 1", None, "the column referral is missing"),
    ),
    Case(
        "text after a quotation",
        file("people.csv", b'id;status\r\nada;x\r\n"bo"x;y\r\n'),
        fault(
            "people.csv",
            None,
            "row 3 has a quotation mark that is never closed, or text after a closed one",
        ),
        fault("people.csv, row 1", None, "the column target_groups is missing"),
        fault("people.csv, row 1", None, "the column referral is missing"),
    ),
    Case(
        "a zero byte",
        file("people.csv", b"id;status\r\nad\0a;x\r\n"),
        fault("people.csv", None, "line 2 holds a zero byte: this is no text"),
    ),
    Case(
        "a byte that Windows-1252 has not",
        file("people.csv", b"id;status\r\nad\x81a;\xe6\r\n"),
        fault(
            "people.csv",
            None,
            "line 2 holds the byte 0x81, which is neither UTF-8 nor Windows-1252",
        ),
    ),
    Case(
        "UTF-16 that is broken",
        file("people.csv", b"\xff\xfei\0d\0\n\0\x00\xd8a\0"),
        fault("people.csv", None, "line 2 is not UTF-16, which the start of the file says it is"),
    ),
    Case(
        "UTF-8 that is broken",
        file("people.csv", b"\xef\xbb\xbfid\nad\xe6"),
        fault("people.csv", None, "line 1 is not UTF-8, which the start of the file says it is"),
    ),
    Case(
        "a cell without end",
        file("people.csv", b"id;status\r\n" + b"x" * 140_000),
        fault("people.csv", None, "row 2 has a cell that is too long"),
        fault("people.csv, row 1", None, "the column target_groups is missing"),
        fault("people.csv, row 1", None, "the column referral is missing"),
    ),
    Case(
        "a row without end",
        file("people.csv", b"id;status\r\n" + b"x;" * 600_000),
        fault("people.csv", None, "row 2 has a cell that is too long"),
        fault("people.csv, row 1", None, "the column target_groups is missing"),
        fault("people.csv, row 1", None, "the column referral is missing"),
    ),
    Case(
        "a file that is too large",
        file("people.csv", b"id;status\r\n" * 3_000_000),
        fault("people.csv", None, "there are more than 250,000 rows"),
        fault("people.csv, row 1", None, "the column target_groups is missing"),
        fault("people.csv, row 1", None, "the column referral is missing"),
    ),
    Case(
        "too many rows",
        file("ratings.csv", b"person;site;points;date\r\n" + b";;;\r\n" * 250_001),
        fault("ratings.csv", None, "there are more than 250,000 rows"),
    ),
    Case(
        "a setting that is missing",
        plan('title = "Small"\n', ""),
        fault("plan.toml", None, "the setting title is missing"),
    ),
    Case(
        "a setting that is unknown",
        plan("title =", "titel_ = 1\ntitle ="),
        fault("plan.toml, key titel_", "titel_", "the name of a setting; did you mean “titel”?"),
    ),
    Case(
        "a setting given twice",
        plan("title =", 'titel = "Lille"\ntitle ='),
        fault("plan.toml, key title", "title", "each setting once"),
    ),
    Case(
        "a setting that is no week",
        plan('"2016-W26"', "26"),
        fault(
            "plan.toml, key as_of",
            "26",
            "a week such as 2016-W26, or a date such as 27-06-2016 or 2016-06-27",
        ),
    ),
    Case(
        "a plan that is no TOML",
        plan("title =", "title"),
        fault(
            "plan.toml", None, "line 1 is not TOML: Expected '=' after a key in a key/value pair"
        ),
    ),
    Case(
        "a plan that ends too soon",
        file("plan.toml", b"title = ["),
        fault("plan.toml", None, "the end is not TOML: Invalid value"),
    ),
    Case(
        "a plan that is not UTF-8",
        file("plan.toml", b"title = 1\n# \xe6"),
        fault("plan.toml", None, "line 2 is not UTF-8"),
    ),
    Case(
        "a plan that is too large",
        file("plan.toml", b"#" * 300_000),
        fault("plan.toml", None, "is larger than 262,144 bytes"),
    ),
    Case(
        "a line of the plan that is too long",
        file("plan.toml", b"a." * 300 + b"a = 1"),
        fault("plan.toml", None, "line 1 is too long"),
    ),
    Case(
        "a plan that is nested too deeply",
        file("plan.toml", b"a = " + b"[" * 5000),
        fault("plan.toml", None, "nests tables or lists too deeply"),
    ),
    Case(
        "a number of the plan that is too long",
        file("plan.toml", b"a = " + b"9" * 5000),
        fault("plan.toml", None, "holds a number that is too long"),
    ),
    Case(
        "match weights of more than 100",
        plan("[[stages]]", "[weights.match]\nwishes = 80\n[[stages]]"),
        fault(
            "plan.toml",
            None,
            "the match weights sum to 140, those not given included; the most is 100",
        ),
    ),
    Case(
        "a weight that is too small",
        plan("[[stages]]", "[weights.priority]\nfirst = 0\n[[stages]]"),
        fault("plan.toml, key weights.priority.first", "0", "a whole number from 1 to 1,000"),
    ),
    Case(
        "a goal that there is not",
        plan('"placed"', '"places"'),
        fault(
            "plan.toml, [[stages]] no. 1, key goal",
            "places",
            "goals among placed, match, wait, cost, not places",
        ),
    ),
    Case(
        "a blend that names a goal twice",
        plan('"placed"', '"placed + 2 placed"'),
        fault("plan.toml, [[stages]] no. 1, key goal", "placed + 2 placed", "each goal once"),
    ),
    Case(
        "a blend of nothing",
        plan('"placed"', "{}"),
        fault("plan.toml, [[stages]] no. 1, key goal", "{}", "at least one goal"),
    ),
    Case(
        "a goal that is a list",
        plan('"placed"', "[1]"),
        fault("plan.toml, [[stages]] no. 1, key goal", "[1]", "a goal or a blend of goals"),
    ),
    Case(
        "a blend that wants more waiting",
        plan('"placed"', "{ placed = 1, wait = 2 }"),
        fault(
            "plan.toml, [[stages]] no. 1, key goal",
            "{ placed = 1, wait = 2 }",
            "for wait, of which less is better, a negative weight",
        ),
    ),
    Case(
        "a blend that wants fewer placed",
        plan('"placed"', '"match - placed"'),
        fault(
            "plan.toml, [[stages]] no. 1, key goal",
            "match - placed",
            "for placed, of which more is better, a positive weight",
        ),
    ),
    Case(
        "a blend with half a weight",
        plan('"placed"', "{ placed = 1.5 }"),
        fault(
            "plan.toml, [[stages]] no. 1, key goal",
            "{ placed = 1.5 }",
            "for placed a whole weight from -1,000,000 to 1,000,000",
        ),
    ),
    Case(
        "a tolerance that is none",
        plan('"placed"', '"placed"\ntolerance = "much"'),
        fault(
            "plan.toml, [[stages]] no. 1, key tolerance",
            "much",
            "a tolerance such as 0, 3, 1 % or 500 kr",
        ),
    ),
    Case(
        "a tolerance of more than all",
        plan('"placed"', '"placed"\ntolerance = "101 %"'),
        fault(
            "plan.toml, [[stages]] no. 1, key tolerance", "101 %", "a percentage from 0 % to 100 %"
        ),
    ),
    Case(
        "a tolerance in kr of people",
        plan('"placed"', '"placed"\ntolerance = "5 kr"'),
        fault(
            "plan.toml, [[stages]] no. 1, key tolerance",
            "5 kr",
            "a tolerance in kr only for cost alone",
        ),
    ),
    Case(
        "a tolerance of cost without a unit",
        plan('"placed"', '"cost"\ntolerance = 500'),
        fault(
            "plan.toml, [[stages]] no. 1, key tolerance",
            "500",
            "a tolerance of cost in kr or per cent: 500 kr, or 1 %",
        ),
    ),
    Case(
        "a gap without its sign",
        plan('"placed"', '"placed"\ngap = 1'),
        fault(
            "plan.toml, [[stages]] no. 1, key gap", "1", "a percentage with its sign, such as 1 %"
        ),
    ),
    Case(
        "a gap of more than all",
        plan('"placed"', '"placed"\ngap = "200 %"'),
        fault("plan.toml, [[stages]] no. 1, key gap", "200 %", "a percentage from 0 % to 100 %"),
    ),
    Case(
        "volumes that are none",
        plan('name = "Own', 'volumes = "60"\nname = "Own'),
        fault(
            "plan.toml, [[programmes]] no. 1, key volumes",
            "60",
            "years and courses such as 2016: 62, 2017: 60",
        ),
    ),
    Case(
        "volumes of a year long ago",
        plan('name = "Own', 'volumes = { 1916 = 6 }\nname = "Own'),
        fault(
            "plan.toml, [[programmes]] no. 1, key volumes",
            "{ 1916 = 6 }",
            "a year from 2000 to 2099, not 1916",
        ),
    ),
    Case(
        "volumes that are negative",
        plan('name = "Own', 'volumes = { 2016 = -6 }\nname = "Own'),
        fault(
            "plan.toml, [[programmes]] no. 1, key volumes",
            "{ 2016 = -6 }",
            "for 2016 a whole number of courses from 0 to 1,000,000",
        ),
    ),
    Case(
        "volumes twice for a year",
        plan('name = "Own', 'volumes = "2016: 6, 2016: 7"\nname = "Own'),
        fault("plan.toml, [[programmes]] no. 1, key volumes", "2016", "each year once"),
    ),
    Case(
        "programmes that are no tables",
        plan("[[programmes]]", "[programmes]"),
        fault(
            "plan.toml, key programmes",
            "{ id = own, name = Own courses, budget_line = line }",
            "tables, each under a line [[programmes]]",
        ),
    ),
    Case(
        "no budget lines",
        lambda folder: folder.plan('[[budget_lines]]\nid = "line"\nname = "Line"\n', ""),
        fault("plan.toml", None, "no line [[budget_lines]] is there"),
    ),
    Case(
        "a name that is a truth value",
        plan('"Own courses"', "true"),
        fault("plan.toml, [[programmes]] no. 1, key name", "true", "a text, not a truth value"),
    ),
    Case(
        "a name that is a date",
        plan('"Own courses"', "2016-06-27"),
        fault("plan.toml, [[programmes]] no. 1, key name", "2016-06-27", "a text, not a date"),
    ),
    Case(
        "a name that is a list",
        plan('"Own courses"', "[1, 2]"),
        fault("plan.toml, [[programmes]] no. 1, key name", "[1, 2]", "a single value"),
    ),
    Case(
        "a week with a time of day",
        plan('"2016-W26"', "2016-06-27T08:00:00"),
        fault("plan.toml, key as_of", "2016-06-27 08:00:00", "a date without a time of day"),
    ),
    Case(
        "a plan that starts in the past",
        plan("2016-W27", "2016-W25"),
        fault(
            "plan.toml, key first_start", "2016-W25", "a week not before the as-of week 2016-W26"
        ),
    ),
    Case(
        "a plan that ends before it starts",
        plan("2016-W30", "2016-W26"),
        fault(
            "plan.toml, key last_start", "2016-W26", "a week not before the first start 2016-W27"
        ),
    ),
    Case(
        "a plan of more than ten years",
        both(plan("2016-W30", "2027-W30"), table("budget_movements", YEARS)),
        fault("plan.toml, key last_start", "2027-W30", "at most 520 start weeks"),
    ),
    Case(
        "an id twice",
        cell("people", 3, "id", "ada"),
        fault("people.csv, row 3, column id", "ada", "an id that no other row has"),
    ),
    Case(
        "a site that there is not",
        cell("offers", 2, "site", "caffe"),
        fault("offers.csv, row 2, column site", "caffe", "the id of a site; did you mean “cafe”?"),
    ),
    Case(
        "a provider that there is not",
        cell("sites", 2, "provider", "private"),
        fault("sites.csv, row 2, column provider", "private", "the id of a provider"),
    ),
    Case(
        "a programme that there is not",
        cell("offers", 2, "programme", "own2"),
        fault(
            "offers.csv, row 2, column programme",
            "own2",
            "the id of a programme; did you mean “own”?",
        ),
    ),
    Case(
        "a contract that there is not",
        cell("offers", 2, "contract", "deal"),
        fault("offers.csv, row 2, column contract", "deal", "the id of a contract"),
    ),
    Case(
        "a budget line that there is not",
        plan('"line"', '"lime"'),
        fault(
            "plan.toml, [[programmes]] no. 1, key budget_line",
            "lime",
            "the id of a budget line; did you mean “line”?",
        ),
    ),
    Case(
        "an offer that there is not",
        table("pins", "kind;person;offer\nforbidden;ada;curse"),
        fault(
            "pins.csv, row 2, column offer", "curse", "the id of an offer; did you mean “course”?"
        ),
    ),
    Case(
        "a person that there is not",
        table("pins", "kind;person;offer\nforbidden;eve;course"),
        fault("pins.csv, row 2, column person", "eve", "the id of a person"),
    ),
    Case(
        "a code that is not declared",
        table("codes", "kind;code;label_da;label_en\ntarget-group;autisme;Autisme;Autism"),
        fault(
            "people.csv, row 2, column target_groups",
            "autism",
            "a code of the kind target-group; did you mean “autisme”?",
        ),
        fault(
            "people.csv, row 3, column target_groups",
            "autism",
            "a code of the kind target-group; did you mean “autisme”?",
        ),
    ),
    Case(
        "a code that is no longer valid",
        table("codes", "kind;code;label_da;label_en;valid_to\nstatus;activity-ready;A;A;2016-W01"),
        fault(
            "plan.toml, [[programmes]] no. 1, key statuses",
            "activity-ready",
            "a code of the kind status that is valid in 2016-W26",
        ),
        fault(
            "people.csv, row 2, column status",
            "activity-ready",
            "a code of the kind status that is valid in 2016-W26",
        ),
        fault(
            "people.csv, row 3, column status",
            "activity-ready",
            "a code of the kind status that is valid in 2016-W26",
        ),
    ),
    Case(
        "a code given twice",
        table(
            "codes",
            "kind;code;label_da;label_en;valid_to\nneed;quiet;A;A;2016-W01\nneed;quiet;A;A;",
        ),
        fault(
            "codes.csv, row 3, column code",
            "quiet",
            "a code that is given once for each week, not also in …–2016-W01",
        ),
    ),
    Case(
        "an entry twice in a list",
        cell("people", 2, "needs", "quiet, quiet"),
        fault("people.csv, row 2, column needs", "quiet", "each entry once"),
    ),
    Case(
        "a range that ends before it starts",
        both(cell("sites", 2, "opens", "2016-W30"), cell("sites", 2, "closes", "2016-W20")),
        fault("sites.csv, row 2, column closes", "2016-W20", "a week not before 2016-W30"),
    ),
    Case(
        "a least amount above the most",
        table(
            "contracts",
            "id;provider;first_week;last_week;least;most\ndeal;city;2016-W01;2017-W20;500;400,50",
        ),
        fault("contracts.csv, row 2, column most", "400,50", "not less than the least, 500 kr"),
    ),
    Case(
        "capacity that overlaps",
        table(
            "capacity",
            "site;resource;first_week;last_week;amount\ncafe;places;;2016-W30;2\ncafe;places;2016-W30;;3",
        ),
        fault(
            "capacity.csv, row 3, column first_week",
            "2016-W30–…",
            "a range that does not overlap …–2016-W30 of the same site and resource",
        ),
    ),
    Case(
        "a budget line that is its own ancestor",
        plan('name = "Line"', 'name = "Line"\nparent = "line"'),
        fault(
            "plan.toml, [[budget_lines]] no. 1, key parent",
            "line",
            "a parent whose own parents do not lead back here",
        ),
    ),
    Case(
        "a year without an amount",
        plan("2016-W30", "2017-W10"),
        fault(
            "plan.toml, [[budget_lines]] no. 1, key id",
            "line",
            "a decided amount for 2017, in which courses may start",
        ),
    ),
    Case(
        "a reserve above the amount",
        plan('name = "Line"', 'name = "Line"\nreserve = 30000'),
        fault(
            "plan.toml, [[budget_lines]] no. 1, key reserve",
            "30000",
            "a reserve within the amount decided for 2016, 25,000 kr",
        ),
    ),
    Case(
        "a contract with another provider",
        both(
            table("providers", "id;name;kind\ncity;The city;municipal\nfirm;Firm;non-profit"),
            table("contracts", "id;provider;first_week;last_week\ndeal;firm;2016-W01;2017-W20"),
            cell("offers", 2, "contract", "deal"),
        ),
        fault(
            "offers.csv, row 2, column contract", "deal", "a contract with city, which runs cafe"
        ),
    ),
    Case(
        "every so many weeks of nothing",
        cell("offers", 2, "start_every_weeks", "4"),
        fault(
            "offers.csv, row 2, column start_every_weeks", "4", "a first start too, to count from"
        ),
    ),
    Case(
        "most weeks below the weeks",
        cell("offers", 2, "most_weeks", "15"),
        fault(
            "offers.csv, row 2, column most_weeks",
            "15",
            "not fewer than the weeks of the course, 16",
        ),
    ),
    Case(
        "most weeks without a price",
        cell("offers", 2, "most_weeks", "20"),
        fault(
            "offers.csv, row 2, column most_weeks",
            "20",
            "a price of an extra week too, or not more than 16",
        ),
    ),
    Case(
        "a price of missing courses for nothing",
        table(
            "contracts",
            "id;provider;first_week;last_week;shortfall_course_price\ndeal;city;2016-W01;2017-W20;500",
        ),
        fault(
            "contracts.csv, row 2, column shortfall_course_price",
            "500",
            "nothing here without take-or-pay",
        ),
    ),
    Case(
        "a line that pays nothing",
        table(
            "contracts",
            "id;provider;first_week;last_week;shortfall_budget_line\ndeal;city;2016-W01;2017-W20;line",
        ),
        fault(
            "contracts.csv, row 2, column shortfall_budget_line",
            "line",
            "nothing here without take-or-pay",
        ),
    ),
    Case(
        "take-or-pay only if used",
        table(
            "contracts",
            "id;provider;first_week;last_week;least_courses;take_or_pay;shortfall_course_price;shortfall_budget_line\ndeal;city;2016-W01;2017-W20;5;ja;500;line",
        ),
        fault(
            "contracts.csv, row 2, column take_or_pay",
            "yes",
            "take-or-pay only where the least applies always",
        ),
    ),
    Case(
        "take-or-pay of nothing",
        table(
            "contracts",
            "id;provider;first_week;last_week;least_applies;take_or_pay;shortfall_budget_line\ndeal;city;2016-W01;2017-W20;always;ja;line",
        ),
        fault(
            "contracts.csv, row 2, column take_or_pay",
            "yes",
            "take-or-pay with a least number of courses or a least amount, not both",
        ),
    ),
    Case(
        "take-or-pay without a price",
        table(
            "contracts",
            "id;provider;first_week;last_week;least_courses;least_applies;take_or_pay;shortfall_budget_line\ndeal;city;2016-W01;2017-W20;5;always;ja;line",
        ),
        fault(
            "contracts.csv, row 2, column shortfall_course_price",
            None,
            "expected a price for each missing course",
        ),
    ),
    Case(
        "take-or-pay with a price for nothing",
        table(
            "contracts",
            "id;provider;first_week;last_week;least;least_applies;take_or_pay;shortfall_course_price;shortfall_budget_line\ndeal;city;2016-W01;2017-W20;5;always;ja;5;line",
        ),
        fault(
            "contracts.csv, row 2, column shortfall_course_price",
            "5",
            "nothing here without a least number of courses",
        ),
    ),
    Case(
        "take-or-pay that nobody pays",
        table(
            "contracts",
            "id;provider;first_week;last_week;least;least_applies;take_or_pay\ndeal;city;2016-W01;2017-W20;5;always;ja",
        ),
        fault(
            "contracts.csv, row 2, column shortfall_budget_line",
            None,
            "expected the budget line that pays a shortfall",
        ),
    ),
    Case(
        "a use of nobody",
        table("uses", "offer;person;resource;amount\n;;places;2"),
        fault("uses.csv, row 2, column offer", None, "expected either an offer or a person"),
    ),
    Case(
        "a use of both",
        table("uses", "offer;person;resource;amount\ncourse;ada;places;2"),
        fault("uses.csv, row 2, column offer", "course, ada", "either an offer or a person"),
    ),
    Case(
        "a use twice",
        table("uses", "offer;resource;amount\ncourse;places;2\ncourse;places;3"),
        fault(
            "uses.csv, row 3, column resource",
            "places",
            "one row for each offer or person and resource",
        ),
    ),
    Case(
        "a use of what the site lacks",
        table("uses", "offer;resource;amount\ncourse;support;60"),
        fault(
            "uses.csv, row 2, column resource", "support", "a resource that cafe has in capacity"
        ),
    ),
    Case(
        "travel from nowhere",
        cell("people", 2, "most_travel_minutes", "30"),
        fault(
            "people.csv, row 2, column area",
            None,
            "expected an area to travel from, as most travel minutes are given",
        ),
    ),
    Case(
        "travel that is not known",
        both(
            cell("people", 2, "most_travel_minutes", "30"),
            cell("people", 2, "area", "north"),
            cell("sites", 2, "area", "south"),
        ),
        fault("people.csv, row 2, column area", "north", "an area with minutes of travel to south"),
    ),
    Case(
        "travel given twice",
        table("travel", "from;to;minutes\na;b;3\na;b;4"),
        fault("travel.csv, row 3, column to", "a, b", "each pair of areas once"),
    ),
    Case(
        "a rating given twice",
        table("ratings", "person;site;points;date\nada;cafe;3;2016-W20\nada;cafe;4;2016-W20"),
        fault(
            "ratings.csv, row 3, column date",
            "ada, cafe, 2016-W20",
            "one rating for each person, site and week",
        ),
    ),
    Case(
        "a drop-out without a last week",
        table(
            "enrolments",
            "id;person;offer;start;weeks;status;last_week;price\ne;ada;course;2016-W10;16;dropped-out;;",
        ),
        fault(
            "enrolments.csv, row 2, column last_week",
            None,
            "expected the last week of one who dropped out",
        ),
    ),
    Case(
        "a last week of one who goes on",
        table(
            "enrolments",
            "id;person;offer;start;weeks;status;last_week;price\ne;ada;course;2016-W10;16;started;2016-W12;",
        ),
        fault(
            "enrolments.csv, row 2, column last_week",
            "2016-W12",
            "nothing here, as the status is started",
        ),
    ),
    Case(
        "a drop-out before the start",
        table(
            "enrolments",
            "id;person;offer;start;weeks;status;last_week;price\ne;ada;course;2016-W10;16;dropped-out;2016-W09;",
        ),
        fault("enrolments.csv, row 2, column last_week", "2016-W09", "a week not before 2016-W10"),
    ),
    Case(
        "a drop-out after the end",
        both(
            table("closures", "first_week;last_week\n2016-W12;2016-W13"),
            table(
                "enrolments",
                "id;person;offer;start;weeks;status;last_week;price\ne;ada;course;2016-W10;16;dropped-out;2016-W28;",
            ),
        ),
        fault(
            "enrolments.csv, row 2, column last_week",
            "2016-W28",
            "a week of the course, which ends in 2016-W27",
        ),
    ),
    Case(
        "an enrolment that is too long",
        table(
            "enrolments",
            "id;person;offer;start;weeks;status;last_week;price\ne;ada;course;2016-W10;18;started;;",
        ),
        fault(
            "enrolments.csv, row 2, column weeks",
            "18",
            (
                "at most 16, as neither the offer has a price of an extra week nor the "
                "enrolment one of its own"
            ),
        ),
    ),
    Case(
        "a fixed pin on nothing",
        table("pins", "kind;person\nfixed;ada"),
        fault("pins.csv, row 2, column offer", None, "expected the offer that is fixed"),
    ),
)


def messages(folder: Folder, path: Path) -> tuple[Message, ...]:
    with pytest.raises(InputError) as raised:
        read_problem(folder.write(path))
    return raised.value.messages


def test_the_good_folder_is_good(tmp_path: Path) -> None:
    assert read_problem(Folder().write(tmp_path)).title == "Small"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_exactly(case: Case, tmp_path: Path) -> None:
    folder = Folder()
    case.change(folder)
    assert tuple(str(message) for message in messages(folder, tmp_path)) == case.messages


def values_in(message: Message) -> list[Message]:
    inner = [value for value in message.values.values() if isinstance(value, Message)]
    return [message, *(found for value in inner for found in values_in(value))]


def test_at_least_sixty_different_faults_are_told(tmp_path: Path) -> None:
    told = set()
    for number, case in enumerate(CASES):
        folder = Folder()
        case.change(folder)
        for message in messages(folder, tmp_path / str(number)):
            told |= {part.template for part in values_in(message)}
            assert message.render("da") != message.render("en")
            assert not re.search("expected|row |column ", message.render("da"))
    assert len(told) >= 60


def test_no_cpr_number_is_echoed_whole() -> None:
    cases = [case for case in CASES if "CPR" in case.name]
    assert len(cases) >= 12
    assert not re.search(r"11-?0299|\d{4}[”. ,]", " ".join(str(case.messages) for case in cases))


def test_every_fault_is_told_at_once_in_order(tmp_path: Path) -> None:
    folder = Folder()
    folder.cell("offers", 2, "price", "1.234")
    folder.cell("people", 3, "age", "abc")
    folder.cell("people", 2, "known_sites", "caffe")
    folder.cell("people", 2, "referral", "2016-W20x")
    folder.cell("sites", 2, "provider", "private")
    folder.plan("2016-W27", "2016-W25")
    del folder.files["providers.csv"]
    assert [str(message).partition(":")[0] for message in messages(folder, tmp_path)] == [
        "providers.csv",
        "plan.toml, key first_start",
        "people.csv, row 2, column referral",
        "people.csv, row 3, column age",
        "offers.csv, row 2, column price",
    ]


def test_rows_with_faults_are_still_known_to_others(tmp_path: Path) -> None:
    folder = Folder()
    folder.cell("people", 2, "age", "abc")
    folder.table("pins", "kind;person;offer\nforbidden;ada;course")
    assert [str(message) for message in messages(folder, tmp_path)] == [
        fault("people.csv, row 2, column age", "abc", "a whole number from 15 to 100")
    ]


def test_a_thousand_faults_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    folder = Folder()
    rows = "\n".join(f"p{number};autism;activity-ready;abc" for number in range(2345))
    folder.table("people", f"id;target_groups;status;referral\n{rows}")
    found = messages(folder, tmp_path)
    assert len(found) == 1001
    assert str(found[-1]) == "and 1,345 more faults"


@pytest.mark.parametrize(
    ("change", "danish"),
    [
        (
            cell("people", 2, "alder", "abc"),
            "people.csv, række 2, kolonne alder: »abc« – forventede et helt tal fra 15 til 100",
        ),
        (
            cell("offers", 2, "price", "1.234"),
            (
                "offers.csv, række 2, kolonne price: »1.234« – forventede et entydigt tal: menes "
                "der 1234 eller 1,234?"
            ),
        ),
        (
            cell("offers", 2, "site", "caffe"),
            (
                "offers.csv, række 2, kolonne site: »caffe« – forventede id på et forløbssted; "
                "mente du »cafe«?"
            ),
        ),
        (
            cell("offers", 2, "price", "-5"),
            (
                "offers.csv, række 2, kolonne price: »-5« – forventede et beløb fra 0 kr. til "
                "10.000.000.000 kr."
            ),
        ),
        (
            plan('title = "Small"\n', ""),
            "plan.toml: indstillingen title mangler",
        ),
        (
            plan("2016-W30", "2017-W10"),
            (
                "plan.toml, [[budget_lines]] nr. 1, nøgle id: »line« – forventede et besluttet "
                "beløb for 2017, hvor forløb kan starte"
            ),
        ),
        (without("people.csv"), "people.csv: filen mangler"),
        (
            cell("people", 2, "id", "110299-1234"),
            (
                "people.csv, række 2, kolonne id: »11••••-••••« – forventede intet, som ligner et "
                "CPR-nummer; brug et id, som intet siger om den unge"
            ),
        ),
    ],
)
def test_faults_are_told_in_danish(change: Change, danish: str, tmp_path: Path) -> None:
    folder = Folder()
    change(folder)
    assert [message.render("da") for message in messages(folder, tmp_path)] == [danish]


def test_the_place_can_be_taken_out_of_a_message(tmp_path: Path) -> None:
    folder = Folder()
    folder.cell("people", 2, "age", "abc")
    (message,) = messages(folder, tmp_path)
    found = {name: str(message.values[name]) for name in ("file", "row", "column", "value")}
    assert found == {"file": "people.csv", "row": "2", "column": "age", "value": "abc"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            both(cell("people", 2, "age", "20"), file("codes.csv", b"")),
            "codes.csv: there is no header row",
        ),
        (
            plan('"placed"', '"placed"\ntolerance = "-5 kr"'),
            (
                "plan.toml, [[stages]] no. 1, key tolerance: “-5 kr” – expected a tolerance such "
                "as 0, 3, 1 % or 500 kr"
            ),
        ),
        (
            plan('"placed"', "[[[[[1]]]]]"),
            (
                "plan.toml, [[stages]] no. 1, key goal: “[[[[…]]]]” – expected a goal or a blend "
                "of goals"
            ),
        ),
        (
            plan('name = "Own', 'target_groups = ["110299-1234"]\nname = "Own'),
            (
                "plan.toml, [[programmes]] no. 1, key target_groups: “[11••••-••••]” – expected "
                "nothing that looks like a CPR number; use an id that says nothing of the person"
            ),
        ),
    ],
)
def test_some_more_faults(change: Change, message: str, tmp_path: Path) -> None:
    folder = Folder()
    change(folder)
    assert message in [str(each) for each in messages(folder, tmp_path)]


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path: Path) -> None:
    folder = Folder()
    del folder.files["people.csv"]
    (tmp_path / "people.csv").mkdir()
    assert [str(each) for each in messages(folder, tmp_path)] == ["people.csv: is no file"]


def test_a_file_that_may_not_be_read_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    told = [str(each) for each in messages(Folder(), tmp_path)]
    assert "people.csv: cannot be read: access to it is denied" in told
    assert "plan.toml: cannot be read: access to it is denied" in told


def test_rows_of_all_tables_together_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "RowBudget", lambda: RowBudget(3))
    told = [str(each) for each in messages(Folder(), tmp_path)]
    assert "providers.csv: there are more than 300,000 rows in all tables" in told


def test_reading_stops_after_ten_thousand_faults(tmp_path: Path) -> None:
    folder = Folder()
    rows = "\n".join("x x;a;b;c" for _ in range(6000))
    folder.table("people", f"id;target_groups;status;referral\n{rows}")
    found = messages(folder, tmp_path)
    assert len(found) == 1001
    assert str(found[-1]) == "and more than 10,000 more faults"


def test_pins_that_no_plan_can_keep_are_told_at_their_place(tmp_path: Path) -> None:
    pins = (
        Pin(kind="fixed", person_id="ada", offer_id="course"),
        Pin(kind="forbidden", person_id="ada"),
        Pin(kind="fixed", person_id="bo", offer_id="course", start=week("2016-W40")),
    )
    problem = small_problem(pins=pins)
    write_problem(problem, tmp_path / "p")
    with pytest.raises(InputError) as raised:
        read_problem(tmp_path / "p")
    forbidden, impossible = pin_faults(problem)
    assert [str(message) for message in raised.value.messages] == [
        fault("pins.csv, row 2, column kind", "fixed", f"for ada: {forbidden.expected}"),
        fault("pins.csv, row 4, column start", "2016-W40", f"for bo: {impossible.expected}"),
    ]
