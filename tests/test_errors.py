import inspect

import pytest

from zstext import errors
from zstext.errors import ZstextError, did_you_mean

ALL = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, ZstextError)]


def test_every_error_is_one_of_ours_and_one_of_python():
    builtin = {c.__name__: c.__bases__[1] for c in ALL if c is not ZstextError}
    assert builtin.pop("OutputError") is OSError
    assert builtin.pop("MissingExtraError") is ImportError
    assert set(builtin.values()) == {ValueError}
    assert all(c.__name__ in errors.__doc__ for c in ALL)


@pytest.mark.parametrize(
    ("got", "valid", "hint"),
    [
        ("sprots", ["politics", "sports"], " (did you mean 'sports'?)"),
        ("SPORTS", ["Sports"], " (did you mean 'Sports'?)"),
        ("xyz", ["sports"], ""),
        ("", ["sports"], ""),
        ("sports", [], ""),
    ],
)
def test_did_you_mean(got, valid, hint):
    assert did_you_mean(got, valid) == hint
