import json
import os
import re

import pytest

from zstext.errors import InputError, OptionError, OutputError
from zstext.records.journal import PartFile, Progress, check_unfinished

FINGERPRINT = {"labels": ["a", "b"], "model": "m"}


@pytest.fixture
def final(tmp_path):
    return tmp_path / "out.csv"


def leave_unfinished(
    final, fingerprint=FINGERPRINT, *, data=b"row 1\n", uncommitted=b"", **progress
):
    part = PartFile(final, fingerprint)
    part.open(resume=False)
    part.append(data)
    part.commit(Progress(**{"rows": 1, "digest": "d", **progress}))
    part.append(uncommitted)
    part.close()


def test_the_journal_says_what_counts(final):
    leave_unfinished(final, reasons={"empty": 1})
    assert json.loads(final.with_name("out.csv.part.json").read_text()) == {
        "format_version": 1,
        "fingerprint": FINGERPRINT,
        "bytes": 6,
        "rows": 1,
        "digest": "d",
        "labelled": 0,
        "reasons": {"empty": 1},
        "complete": False,
    }


def test_resuming_cuts_off_what_does_not_count(final):
    leave_unfinished(final, uncommitted=b"half a r")
    part = PartFile(final, FINGERPRINT)
    assert part.open(resume=True) == Progress(1, "d")
    part.append(b"row 2\n")
    part.close()
    assert part.part.read_bytes() == b"row 1\nrow 2\n"


def test_rows_are_not_overwritten_without_being_asked(final):
    leave_unfinished(final)
    with pytest.raises(
        InputError, match=r"out.csv.part has 1 rows; go on with --resume, or delete"
    ):
        PartFile(final, FINGERPRINT).open(resume=False)


def test_a_part_file_without_rows_is_no_loss(final):
    leave_unfinished(final, rows=0, data=b"header")
    part = PartFile(final, {"other": 1})
    assert part.open(resume=False) == Progress()
    part.close()
    assert part.part.read_bytes() == b""


@pytest.mark.parametrize("resume", [False, True])
def test_a_part_file_that_was_deleted_is_a_new_start(final, resume):
    leave_unfinished(final)
    final.with_name("out.csv.part").unlink()
    part = PartFile(final, FINGERPRINT)
    assert part.open(resume=resume) == Progress()
    part.close()


def test_resume_with_other_options_says_which(final):
    leave_unfinished(final)
    with pytest.raises(
        OptionError, match=r'cannot --resume .*: labels was \["a", "b"\], is \["a"\];'
    ):
        PartFile(final, FINGERPRINT | {"labels": ["a"], "new": 1}).open(resume=True)
    part = PartFile(final, FINGERPRINT)
    assert part.open(resume=True).rows == 1  # nothing was lost by trying
    part.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"text": "a" * 90, "shortlist": 5}, "settings shortlist was null, is 5. Use what"),
        ({"text": "a" * 90, "weight": 0.4}, 'settings was {"shortlist": null}, is {"weight": 0.4}'),
    ],
)
def test_resume_says_which_of_many_settings(final, settings, said):
    leave_unfinished(final, FINGERPRINT | {"settings": {"text": "a" * 90, "shortlist": None}})
    with pytest.raises(OptionError, match=re.escape(said)):
        PartFile(final, FINGERPRINT | {"settings": settings}).open(resume=True)


def test_resume_shows_where_long_values_differ(final):
    leave_unfinished(final, FINGERPRINT | {"text": "a" * 200})
    with pytest.raises(OptionError, match=r'text was \.\.\.a{39}aa", is \.\.\.a{39}ab"\. Use'):
        PartFile(final, FINGERPRINT | {"text": "a" * 199 + "b"}).open(resume=True)


def test_a_shorter_part_file_is_damage(final):
    leave_unfinished(final)
    os.truncate(final.with_name("out.csv.part"), 3)
    with pytest.raises(InputError, match="has fewer bytes than its journal says"):
        PartFile(final, FINGERPRINT).open(resume=True)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": 2}', "\0"])
def test_a_journal_that_cannot_be_read(final, text):
    leave_unfinished(final)
    final.with_name("out.csv.part.json").write_text(text)
    with pytest.raises(InputError, match="is not a journal that this version"):
        PartFile(final, FINGERPRINT).open(resume=True)


def test_a_stranger_s_part_file_is_left_alone(final):
    final.with_name("out.csv.part").write_text("mine")
    for resume in (False, True):
        with pytest.raises(InputError, match="is in the way and has no journal"):
            check_unfinished(final, resume=resume)


def test_two_processes_cannot_write_the_same_file(final):
    leave_unfinished(final)
    first = PartFile(final, FINGERPRINT)
    first.open(resume=True)
    for resume in (False, True):
        with pytest.raises(OutputError, match="another process is writing"):
            PartFile(final, FINGERPRINT).open(resume=resume)
    first.close()


def test_a_run_killed_after_putting_the_output_in_place_is_complete(final):
    leave_unfinished(final, complete=True)
    os.replace(final.with_name("out.csv.part"), final)
    part = PartFile(final, FINGERPRINT)
    assert part.open(resume=True).complete
    part.forget()
    assert os.listdir(final.parent) == ["out.csv"]


def test_a_complete_run_does_not_stop_a_new_one(final):
    leave_unfinished(final, complete=True)
    os.replace(final.with_name("out.csv.part"), final)
    part = PartFile(final, {"other": 1})
    assert part.open(resume=False) == Progress()
    part.close()
    assert final.read_bytes() == b"row 1\n"
