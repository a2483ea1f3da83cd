"""The auditor's bundle: a plan with all that it was made from, to be checked and replayed.

::

    README.txt      what to do with it
    SHA256SUMS      the SHA-256 of every other file, as ``sha256sum --check`` reads it
    input/          the tables that were planned from
    plan/plan.json  the plan, byte for byte
    check.json      what the checker says of it
    settings.json   what the run was asked to do
    versions.json   the programs that made it
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scheduler.check import check
from scheduler.errors import InputError
from scheduler.files import write_problem
from scheduler.language import LANGUAGES, Message
from scheduler.outcome import PlanDocument
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.report.check_file import check_content
from scheduler.report.plan_file import PLAN_FILE
from scheduler.report.tables import STAMP

INPUT, PLAN, SUMS = "input", "plan", "SHA256SUMS"
_NO_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The same plan gives the same bytes."""
_MOST_FILES, _MOST_BYTES = 1000, 2**30
"""Of a bundle that is unpacked: a problem's tables are far smaller."""
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_README = (
    Message("The plan {title}, with all that it was made from.", title=""),
    Message("See that no file has been changed: sha256sum --check SHA256SUMS"),
    Message("Check the plan against every rule: ungeplan check input plan"),
    Message("All of it, and plan again with the same settings: ungeplan replay ."),
)


def bundle_files(
    problem: Problem, plan_json: bytes, more: Mapping[str, object]
) -> dict[str, bytes]:
    """Every file of the bundle, by its path.

    Parameters
    ----------
    problem
        As the run solved it.
    plan_json
        The plan's file, byte for byte.
    more
        Further facts by name, such as the run's settings; each becomes a JSON file.
    """
    document = PlanDocument.model_validate_json(plan_json)
    plan = Plan(placements=tuple(row.placement for row in document.placements))
    facts = {
        "check": check_content(check(problem, plan, document)),
        "versions": dict(document.provenance.versions),
        **more,
    }
    files = {
        "README.txt": _readme(document.title),
        f"{PLAN}/{PLAN_FILE}": plan_json,
        **{f"{INPUT}/{name}": content for name, content in _input_files(problem)},
        **{f"{name}.json": _json(content) for name, content in facts.items()},
    }
    lines = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return {**files, SUMS: "".join(lines).encode()}


def bundle_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as one; the same files always give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _NO_MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o640 << 16
            packed.writestr(info, files[name])
    return content.getvalue()


@contextmanager
def unpacked(bundle: Path) -> Iterator[Path]:
    """The folder of a bundle, which is unpacked for as long as the block lasts if it is a zip file.

    Raises
    ------
    InputError
        If it is a file, and no bundle.
    """
    if not bundle.is_file():
        yield bundle
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            with zipfile.ZipFile(bundle) as packed:
                _refuse_if_too_large(bundle, packed)
                packed.extractall(place)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
            what = Message("{file} cannot be unpacked", file=str(bundle))
            raise InputError([what]) from error
        yield Path(place)


def _refuse_if_too_large(bundle: Path, packed: zipfile.ZipFile) -> None:
    members = packed.infolist()
    if len(members) > _MOST_FILES or sum(each.file_size for each in members) > _MOST_BYTES:
        raise InputError([Message("{file} is larger than any bundle", file=str(bundle))])


def changed_files(folder: Path) -> tuple[Message, ...]:
    """What is missing in an unpacked bundle, not as it was, or not of it."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return (Message("{folder} is no bundle: it has no {file}", folder=str(folder), file=SUMS),)
    stated = {found[2]: found[1] for line in lines if (found := _LINE.fullmatch(line))}
    if len(stated) < len(lines) or not stated:
        return (Message("{file}: not every line is a hash and a file's name", file=SUMS),)
    there = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path != folder / SUMS
    }
    return tuple(
        Message("{file}: {what}", file=name, what=what) for name, what in _faults(stated, there)
    )


def _faults(stated: Mapping[str, str], there: Mapping[str, Path]) -> Iterator[tuple[str, Message]]:
    for name in sorted({*stated, *there}):
        if name not in there:
            yield name, Message("it is missing")
        elif name not in stated:
            yield name, Message("it does not belong to the bundle")
        elif hashlib.sha256(there[name].read_bytes()).hexdigest() != stated[name]:
            yield name, Message("it has been changed")


def _readme(title: str) -> bytes:
    first, *rest = _README
    lines = []
    for language in LANGUAGES:
        lines += [STAMP.render(language), "", Message(first.template, title=title).render(language)]
        lines += [f"- {message.render(language)}" for message in rest]
        lines += [""]
    return "\r\n".join(lines).encode()


def _input_files(problem: Problem) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / INPUT
        write_problem(problem, folder)
        for path in sorted(folder.iterdir()):
            yield path.name, path.read_bytes()


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
