import os
import subprocess
import sys
import textwrap

import pytest

# In a process of its own: `datasets` is slow to import and reads the environment only once.
SCRIPT = textwrap.dedent(
    """
    import os, sys, time
    import datasets
    from zstext.errors import InputError
    from zstext.records import open_dataset, open_files

    folder = sys.argv[1]
    os.chdir(folder)
    datasets.disable_progress_bars()
    one = datasets.Dataset.from_dict({"text": ["a", None], "n": [1, 2]})
    one.save_to_disk("one")
    datasets.DatasetDict({"train": one, "test": one.select([0])}).save_to_disk("two")
    datasets.enable_progress_bars()

    def message(*args, **kwargs):
        try:
            open_dataset(*args, **kwargs)
        except InputError as error:
            return str(error)

    for source in (open_dataset("one"), open_files(["one"])):
        assert source.columns == ("text", "n"), source.columns
        assert str(source.types["n"]) == "int64"
        assert [(r.id, r.text, r.reason) for r in source] == [(1, "a", None), (2, None, "missing")]
        assert [r.text for r in source] == ["a", None]
    assert [r.text for r in open_dataset("two", split="test")] == ["a"]
    assert "no split is named; choose one with --split: train, test" in message("two")
    assert "did you mean 'train'?" in message("two", split="tran")
    assert "has no splits" in message("one", split="train")
    assert "no column 'body'" in message("one", text_column="body")

    start = time.monotonic()
    text = message("nobody/nothing-here")
    assert "is not on this machine" in text and "name its folder" in text, text
    assert time.monotonic() - start < 4
    assert not datasets.are_progress_bars_disabled()
    assert not datasets.config.HF_HUB_OFFLINE

    os.mkdir("files")
    with open("files/train.csv", "w") as file:
        file.write("text,n\\nhello,1\\n")
    assert [r.columns for r in open_dataset("files")] == [{"text": "hello", "n": 1}]
    with open("files/train.csv", "w") as file:
        file.write("")
    assert "cannot be read as a dataset" in message("files")
    """
)


@pytest.mark.parametrize("dead_end", ["http://127.0.0.1:9"])
def test_datasets(tmp_path, dead_end):
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower() and k[:3] != "HF_"}
    env |= {"HF_HOME": str(tmp_path / "home"), "HF_ENDPOINT": dead_end, "OMP_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], env=env, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert "%|" not in run.stderr
