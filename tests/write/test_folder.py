from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dataaudit.errors import ConfigError
from dataaudit.write.folder import MANIFEST, check_folder, whole_folder


def ours(folder: Path) -> Path:
    folder.mkdir()
    (folder / MANIFEST).write_text('{"tool": {"name": "dataaudit"}, "outputs": [{"file": "train.csv"}]}')
    (folder / "train.csv").write_text("old")
    return folder


def test_a_new_folder_appears_whole(tmp_path):
    target = check_folder(tmp_path / "out", False, [tmp_path / "in.csv"])
    with whole_folder(target) as part:
        (part / "train.csv").write_text("a")
        assert not target.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "train.csv").read_text() == "a"


def test_what_fails_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError), whole_folder(tmp_path / "out") as part:
        (part / "train.csv").rename(part / "nowhere" / "train.csv")
    assert list(tmp_path.iterdir()) == []


def test_what_fails_leaves_the_old_folder(tmp_path):
    target = ours(tmp_path / "out")
    with pytest.raises(ZeroDivisionError), whole_folder(target):
        _ = 1 / 0
    assert (target / "train.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_ours_is_replaced_by_force(tmp_path):
    target = check_folder(ours(tmp_path / "out"), True, [])
    with whole_folder(target) as part:
        (part / "test.csv").write_text("new")
    assert [path.name for path in target.iterdir()] == ["test.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    with whole_folder(check_folder(tmp_path / "out", False, [])) as part:
        (part / "a").write_text("")
    assert (tmp_path / "out" / "a").exists()


def test_folders_that_may_not_be_written_are_named(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "thesis.tex").write_text("")
    ours(tmp_path / "mine")
    for name, force, told in [
        ("file", True, "is a file"),
        ("foreign", True, "did not write"),
        ("mine", False, "exists"),
        ("no/where", False, "does not exist"),
    ]:
        with pytest.raises(ConfigError, match=told):
            check_folder(tmp_path / name, force, [])
    with pytest.raises(ConfigError, match="holds a file that is read"):
        check_folder(tmp_path / "mine", True, [tmp_path / "mine" / "train.csv"])


@pytest.mark.parametrize("manifest", ["{}", "[]", "no JSON", "\xff", '{"tool": {"name": "app"}, "outputs": []}', None])
def test_a_folder_with_a_manifest_of_others_is_never_replaced(tmp_path, manifest):
    folder = ours(tmp_path / "web")
    (folder / MANIFEST).unlink()
    if manifest is not None:
        (folder / MANIFEST).write_text(manifest, encoding="latin-1")
    with pytest.raises(ConfigError, match=r"holds what dataaudit did not write: .*train\.csv"):
        check_folder(folder, True, [])


def test_a_file_that_was_put_beside_ours_is_never_lost(tmp_path):
    folder = ours(tmp_path / "out")
    (folder / "notes.txt").write_text("precious")
    with pytest.raises(ConfigError, match=r"did not write: notes\.txt"):
        check_folder(folder, True, [])
    assert (folder / "notes.txt").read_text() == "precious"


def test_a_full_disk_is_one_clear_error(tmp_path):
    with pytest.raises(ConfigError, match="No space left"), whole_folder(tmp_path / "out"):
        _raise_full_disk(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def _raise_full_disk(target: Path) -> None:
    from dataaudit.write.folder import written_to

    with written_to(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_killed_it_leaves_the_target_as_it_was(tmp_path):
    target = ours(tmp_path / "out")
    program = (
        "import sys, time, pathlib\n"
        "from dataaudit.write.folder import whole_folder\n"
        "with whole_folder(pathlib.Path(sys.argv[1])) as part:\n"
        "    (part / 'train.csv').write_text('half')\n"
        "    (pathlib.Path(sys.argv[1]).parent / 'ready').write_text('')\n"
        "    time.sleep(60)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", program, str(target)])
    while not (tmp_path / "ready").exists():
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert (target / "train.csv").read_text() == "old"
    left = [path.name for path in tmp_path.iterdir() if path.name not in ("out", "ready")]
    assert [name for name in left if name.startswith(".out-") and name.endswith(".part")] == left != []
    (tmp_path / ".other-0123456789ab.part").mkdir()
    check_folder(target, True, [])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".other-0123456789ab.part", "out", "ready"]


def test_a_run_at_work_is_left_alone(tmp_path):
    target = tmp_path / "out"
    with whole_folder(target) as part:
        (part / "train.csv").write_text("first")
        check_folder(target, False, [])
        assert (part / "train.csv").read_text() == "first"
    assert (target / "train.csv").read_text() == "first"


def test_killed_while_it_replaced_a_folder_the_one_of_before_is_found_again(tmp_path):
    target = ours(tmp_path / "out")
    target.rename(tmp_path / ".out-0123456789ab.old.part")
    (tmp_path / ".out-0123456789ab.part").mkdir()
    with pytest.raises(ConfigError, match="exists"):
        check_folder(target, False, [])
    assert (target / "train.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_is_not_ours_is_not_cleared_away(tmp_path):
    kept = [".out-0123456789ab.parts", ".out-0123.part", "out-0123456789ab.part"]
    for name in kept:
        (tmp_path / name).mkdir()
    (tmp_path / ".out-0123456789ab.part").write_text("a file")
    (tmp_path / ".out-ba9876543210.part").symlink_to(tmp_path / kept[0])
    check_folder(tmp_path / "out", False, [])
    assert len(list(tmp_path.iterdir())) == 5
