"""Real processes, really killed, and real memory."""

import os
import random
import subprocess
import sys
import textwrap
import time

import pytest

JOB = textwrap.dedent(
    """
    import sys, time, zlib
    from zstext.predictions import Prediction
    from zstext.records import FileSink, make_writer, open_files, run_job

    source_path, out, output_format, delay = sys.argv[1:]

    def predict(text):
        score = zlib.crc32(text.encode("utf-8", "surrogatepass")) % 1000 / 1000
        return Prediction("a", score, ("a", "b"), (score, 1 - score))

    def classify(texts):
        time.sleep(float(delay))
        return [predict(text) for text in texts]

    source = open_files([source_path])
    writer = make_writer(output_format, source)
    fingerprint = {"labels": ["a", "b"]}
    sink = FileSink(out, writer, fingerprint=fingerprint, resume=True)
    run_job(source, classify, sink)
    # Not ru_maxrss, which a child takes over from the process that started it.
    print(next(line.split()[1] for line in open("/proc/self/status") if "VmHWM" in line))
    """
)


def start(source, out, output_format, delay):
    args = [sys.executable, "-c", JOB, str(source), str(out), output_format, str(delay)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(args, env=env, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    path = tmp_path_factory.mktemp("in") / "in.csv"
    with open(path, "w", newline="") as file:
        file.write("text,n\n")
        file.writelines(f'"document, {i} \U0001f600\nsecond line",{i}\n' for i in range(20_000))
    return path


@pytest.mark.parametrize("output_format", ["jsonl", "csv", "parquet"])
def test_killed_at_any_moment_and_resumed_the_bytes_are_the_same(
    tmp_path, documents, output_format
):
    whole, out = tmp_path / "whole", tmp_path / "out"
    with start(documents, whole, output_format, 0) as undisturbed:
        assert undisturbed.wait() == 0
    chance = random.Random(output_format)
    journal = tmp_path / "out.part.json"
    killed = 0
    for _ in range(4):
        stamp = journal.stat().st_mtime_ns if journal.exists() else 0
        with start(documents, out, output_format, 0.01) as run:
            while (
                run.poll() is None
            ):  # starting up takes long; aim at the time when rows are written
                if journal.exists() and journal.stat().st_mtime_ns != stamp:
                    time.sleep(chance.uniform(0, 0.15))
                    run.kill()
                    break
                time.sleep(0.002)
            killed += run.wait() == -9
        assert out.exists() or (tmp_path / "out.part").exists()
        if out.exists():
            assert out.read_bytes() == whole.read_bytes()
            break
    assert killed >= 1
    with start(documents, out, output_format, 0) as run:
        assert run.wait() == 0
    assert out.read_bytes() == whole.read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["out", "whole"]


def peak(path, out, output_format):
    """Return the most memory of a run, in KiB."""
    with start(path, out, output_format, 0) as run:
        most = int(run.communicate()[0])
        assert run.returncode == 0
    return most


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads peak memory from /proc")
@pytest.mark.parametrize(
    ("suffix", "output_format", "rows"),
    [("txt", "jsonl", 400_000), ("csv", "parquet", 100_000), ("jsonl", "csv", 100_000)],
)
def test_memory_does_not_grow_with_the_input(tmp_path, suffix, output_format, rows):
    row = "a line of some forty characters or so" if rows > 200_000 else "x" * 150
    line = f'{{"text": "{row}"}}\n' if suffix == "jsonl" else row + "\n"
    peaks = []
    for n in (rows // 20, rows):
        path = tmp_path / f"{n}.{suffix}"
        with open(path, "w") as file:
            file.write("text\n" if suffix == "csv" else "")
            file.writelines(line for _ in range(n))
        # the lesser of two: what an allocator keeps differs under load
        peaks.append(min(peak(path, tmp_path / f"{n}-{i}.out", output_format) for i in range(2)))
    assert peaks[1] < peaks[0] + 6_000  # KiB; the larger input has 14,000
