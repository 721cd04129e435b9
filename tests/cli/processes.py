"""The command line in processes of its own: with the real model or, quicker, with a fake one."""

import os
import pty
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = """
import os, signal, sys, time
import zstext.encoders
from tests.fakes import WordEncoder

class Encoder(WordEncoder):
    def encode(self, items, *, role="document", whole=True):
        if role == "document":
            time.sleep(float(os.environ.get("DELAY", "0")))
        return super().encode(items, role=role, whole=whole)

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a suite in the background
zstext.encoders.load_encoder = lambda *args, **options: Encoder()
from zstext.cli import main
main()
"""


def environment(**more):
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, **{k: str(v) for k, v in more.items()}}


@contextmanager
def start(*args, env=None, **options):
    """Start the command line over the word encoder; it ends with the context at the latest."""
    command = [sys.executable, "-c", WORDS, *map(str, args)]
    with subprocess.Popen(command, env=environment(**(env or {})), **options) as process:
        try:
            yield process
        finally:
            process.kill()


def finish(*args, env=None, **options):
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **options}
    with start(*args, env=env, stderr=subprocess.PIPE, text=True, **options) as process:
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def on_a_terminal(command, env=None):
    """Return the exit code and what a pseudo-terminal of 100 columns showed, stderr included."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = subprocess.Popen(
        command,
        env=environment(TERM="xterm", **(env or {})),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        shown += data
    os.close(ours)
    return process.wait(), shown.decode()
