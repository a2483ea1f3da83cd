import fcntl
import os
from pathlib import Path

import pytest

from scheduler.errors import WriteRefused
from scheduler.files.atomic import (
    remove_leftovers,
    replace_folder_atomically,
    write_file_atomically,
)

LEFTOVER = ".out.0123456789abcdef"


class Stop(BaseException):
    """What no ordinary handler catches, like Ctrl-C."""


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def stop_halfway(folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"1")
    raise Stop


def put_own_file(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").write_bytes(b"")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_file_atomically(path, b"old")
    write_file_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["plan.json"]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_file_atomically(path, b"new")
    assert names(tmp_path) == ["plan.json"]


def test_a_folder_appears_with_its_parents(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "out"
    with replace_folder_atomically(path) as folder:
        (folder / "a.csv").write_bytes(b"1")
        (folder / "inner").mkdir()
        assert not path.exists()
    assert names(path) == ["a.csv", "inner"]
    assert names(path.parent) == ["out"]


def test_a_folder_of_ours_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out"
    for content in (b"1", b"2"):
        with replace_folder_atomically(path, may_hold={"a.csv"}) as folder:
            (folder / "a.csv").write_bytes(content)
    assert (path / "a.csv").read_bytes() == b"2"
    assert names(tmp_path) == ["out"]


def test_a_block_that_ends_badly_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.mkdir()
    with pytest.raises(Stop), replace_folder_atomically(path) as folder:
        stop_halfway(folder)
    assert names(path) == []
    assert names(tmp_path) == ["out"]


def test_files_of_others_are_never_deleted(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.mkdir()
    for name in ("a.csv", "b.txt", "c.txt", "d.txt", "e.txt"):
        (path / name).write_bytes(b"")
    with (
        pytest.raises(WriteRefused, match=r"out holds other files \(b.txt, c.txt, d.txt, …\)"),
        replace_folder_atomically(path, may_hold={"a.csv"}),
    ):
        pytest.fail("the block must not run")
    assert len(names(path)) == 5


def test_a_file_that_appears_while_writing_is_not_deleted(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(WriteRefused), replace_folder_atomically(path):
        put_own_file(path)
    assert names(tmp_path) == ["out"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"")
    with pytest.raises(WriteRefused, match="is not a folder"), replace_folder_atomically(path):
        pytest.fail("the block must not run")


def test_leftovers_of_killed_runs_are_removed_but_not_those_of_living_ones(tmp_path: Path) -> None:
    (tmp_path / f"{LEFTOVER}.tmp").mkdir()
    (tmp_path / f"{LEFTOVER[:-1]}0.tmp").write_bytes(b"half")
    (tmp_path / ".out.short.tmp").write_bytes(b"somebody else's")
    living = tmp_path / f"{LEFTOVER[:-1]}1.tmp"
    living.mkdir()
    lock = os.open(living, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    remove_leftovers(tmp_path / "out")
    os.close(lock)
    assert names(tmp_path) == [living.name, ".out.short.tmp"]


def test_the_former_folder_comes_back_if_the_run_was_killed_between_renames(tmp_path: Path) -> None:
    former = tmp_path / f"{LEFTOVER}.old"
    former.mkdir()
    (former / "a.csv").write_bytes(b"1")
    remove_leftovers(tmp_path / "out")
    assert names(tmp_path / "out") == ["a.csv"]


def test_the_former_folder_goes_if_the_new_one_is_in_place(tmp_path: Path) -> None:
    (tmp_path / f"{LEFTOVER}.old").mkdir()
    (tmp_path / "out").mkdir()
    remove_leftovers(tmp_path / "out")
    assert names(tmp_path) == ["out"]


def test_a_leftover_that_cannot_be_opened_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{LEFTOVER}.tmp").symlink_to(tmp_path / "nowhere")
    remove_leftovers(tmp_path / "out")
    assert names(tmp_path) == [f"{LEFTOVER}.tmp"]


def test_nothing_is_left_where_nothing_is(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "no" / "out")
    assert names(tmp_path) == []
