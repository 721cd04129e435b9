import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from zstext.missing import is_missing

NOTHING = [
    None, float("nan"), np.nan, np.float32("nan"), np.float64("nan"), np.datetime64("NaT"),
    np.timedelta64("NaT"), np.array(np.nan), pd.NA, pd.NaT,
]  # fmt: skip
SOMETHING = [
    "", "nan", "None", 0, -1, False, 0.0, float("inf"), np.float64(0), np.int64(0), np.str_(""),
    np.array([np.nan]), np.array([]), [], [None], {}, pd.Timestamp("2020-01-01"), pd.Series([None]),
]  # fmt: skip


@pytest.mark.parametrize("value", NOTHING, ids=repr)
def test_nothing(value):
    assert is_missing(value) is True


@pytest.mark.parametrize("value", SOMETHING, ids=repr)
def test_something(value):
    assert is_missing(value) is False


def test_pandas_is_not_imported_to_find_out():
    code = (
        "import sys; from zstext.missing import is_missing; "
        "assert is_missing(None) and not is_missing('x') and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
