import sys

from zstext.cli.progress import EndsWithRows, Progress
from zstext.records.journal import Progress as Done

from .processes import WORDS, on_a_terminal


class Recorder:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, *error):
        self.log.append("exit")

    def begin(self):
        return Done(rows=3)

    def write(self, rows, progress):
        self.log.append(rows)

    def finish(self, progress):
        self.log.append("finish")


def test_the_first_rows_end_the_display(monkeypatch):
    log = []
    display = Progress(show=False, rows=False)
    monkeypatch.setattr(display, "stop", lambda: log.append("stop"))
    with EndsWithRows(Recorder(log), display) as sink:
        assert sink.begin() == Done(rows=3)
        sink.write([1], Done())
        sink.finish(Done())
    assert log == ["enter", "stop", [1], "finish", "exit"]


def test_nothing_is_shown_where_stderr_is_no_terminal(capfd):
    for show in (True, False):
        with Progress(show=show, rows=True) as display:
            display.status("loading")
            display.advance(5)
    assert capfd.readouterr() == ("", "")


def test_on_a_terminal_the_display_is_gone_before_the_rows(tmp_path):
    command = [sys.executable, "-c", WORDS, "classify", "--labels", "red car,green tree"]
    texts = ["--text", "a red car", "--text", "the green tree"]
    code, shown = on_a_terminal([*command, *texts, "--format", "jsonl"], env={"DELAY": 0.3})
    assert code == 0
    assert "loading the model" in shown
    first_row = shown.index('{"id"')
    assert "loading" not in shown[first_row:]
    assert shown[:first_row].endswith("\x1b[2K")  # the line of the spinner is wiped


def test_quiet_shows_nothing_on_a_terminal(tmp_path):
    command = [sys.executable, "-c", WORDS, "classify", "--labels", "red car,green tree", "--quiet"]
    code, shown = on_a_terminal(
        [*command, "--text", "", "-o", str(tmp_path / "out.csv")], env={"DELAY": 0.3}
    )
    assert (code, shown) == (0, "")
