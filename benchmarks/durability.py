"""Nothing is lost, and memory does not grow: SIGKILL at random moments, and a million rows.

Kills: real processes of the command line with the real encoder, and many more of a job with the
same reading and writing but a classifier that costs nothing. With fewer kills or rows than the
default it is a trial, which prints only. Leave zstext as it is meanwhile: every start reads it.
"""

from __future__ import annotations

import csv
import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import data, fake_job, kills, memory
from benchmarks.kills import Job, Tally
from benchmarks.results import report, table

FORMATS = ("jsonl", "csv", "parquet")
LABELS = "banking,travel,cooking,small talk"
FAKE_KILLS, REAL_KILLS = 25, 4
FAKE_ROWS, REAL_ROWS = 30_000, 4_096
ROWS, FEW_ROWS = 1_000_000, 10_000
TEXTS = 64
"""Different texts among the rows whose memory is measured, so that a million take minutes."""

PARTS = ("kills", "memory")


def write_documents(path: Path, texts: Sequence[str], *, rows: int) -> tuple[str, ...]:
    """Write a csv file with the columns id and text, and return the ids."""
    draw = random.Random(data.SEED)
    ids = tuple(f"row-{i:07}" for i in range(rows))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows([i, draw.choice(texts)] for i in ids)
    return ids


def zstext_command(documents: Path, output: Path) -> tuple[str, ...]:
    """Return the command line of a job."""
    classify = (sys.executable, "-m", "zstext", "classify", str(documents), "-o", str(output))
    return (*classify, "--resume", "--labels", LABELS, "--id-column", "id", "--quiet")


def fake_command(documents: Path, output: Path) -> tuple[str, ...]:
    """Return the command line of a job whose classifier costs nothing."""
    return sys.executable, str(fake_job.__file__), str(documents), str(output)


def kill(folder: Path, *, fake: int, real: int) -> str:
    """Return the section on kills; `fake` and `real` are kills of each format."""
    start, tallies = time.monotonic(), {}
    texts = data.load(folder, data.BY_NAME["clinc150"]).texts
    draw = random.Random(data.SEED)
    kinds = (
        ("records alone", fake_command, FAKE_ROWS, fake),
        ("`zstext classify`", zstext_command, REAL_ROWS, real),
    )
    for name, command, rows, times in kinds:
        for output_format in FORMATS if times else ():
            with TemporaryDirectory() as directory:
                documents, output = Path(directory, "big.csv"), Path(directory, "out")
                output.mkdir()
                output /= f"out.{output_format}"
                ids = write_documents(documents, texts, rows=rows)
                job = Job(f"{name}, {output_format}", command(documents, output), output, ids)
                print(f"{job.name}: {times} kills", file=sys.stderr, flush=True)
                reference = kills.undisturbed(job)
                tallies[job.name] = kills.torture(job, reference, kills=times, draw=draw)
                print(tallies[job.name], file=sys.stderr, flush=True)
    return _kill_tables(tallies, time.monotonic() - start)


def _kill_tables(tallies: dict[str, Tally], took: float) -> str:
    header = ["job", "kills", "outputs compared", "rows lost", "rows doubled", "other bytes"]
    every = [*tallies.items(), ("all", _sum(list(tallies.values())))]
    lines = [
        [name, *map(str, (t.kills, t.outputs, t.lost, t.doubled, t.different, t.left_behind))]
        for name, t in every
    ]
    return (
        f"SIGKILL at random moments: from the start on, between chunks of rows, and within "
        f"{1000 * kills.AT_THE_END:.0f} ms of the last row; then `--resume`. Every completed "
        "output is compared with an undisturbed run. `zstext classify` "
        f"reads {REAL_ROWS} rows with the real encoder; records alone {FAKE_ROWS} rows with the "
        f"same reading and writing and a classifier that costs nothing. It took {took:.0f} s. "
        f"What was there after the kills: {kills.states(list(tallies.values()))}.\n\n"
        + table([*header, "files left behind"], lines)
    )


def _sum(tallies: Sequence[Tally]) -> Tally:
    out = Tally()
    for t in tallies:
        out.found += t.found
        for name in ("outputs", "lost", "doubled", "different", "left_behind"):
            setattr(out, name, getattr(out, name) + getattr(t, name))
    return out


def peak_memory(folder: Path, *, rows: int, few: int) -> str:
    """Return the section on memory."""
    titles = data.load(folder, data.BY_NAME["onet_job_title"]).texts
    texts = random.Random(data.SEED).sample(titles, TEXTS)
    lines, peaks = [], []
    for n in (few, rows):
        print(f"{n} rows", file=sys.stderr, flush=True)
        with TemporaryDirectory() as directory:
            documents, output = Path(directory, "big.csv"), Path(directory, "out.jsonl")
            write_documents(documents, texts, rows=n)
            usage = memory.measure(zstext_command(documents, output))
            size = output.stat().st_size / 2**20
        peaks.append(usage.peak)
        lines.append([f"{n:,}", f"{usage.peak:.0f}", f"{usage.seconds:.0f}", f"{size:.0f}"])
    return (
        f"`zstext classify big.csv -o out.jsonl --resume`, the real encoder, {TEXTS} different "
        f"short texts, peak resident memory (VmHWM): {rows:,} rows take "
        f"**{peaks[1] / peaks[0]:.3f} times** the memory of {few:,} (target at most 1.1).\n\n"
        + table(["rows", "peak MiB", "seconds", "output MiB"], lines)
    )


def options() -> ArgumentParser:
    """Return the command line."""
    out = data.parser(__doc__)
    out.add_argument("--part", choices=PARTS, action="append", help="repeatable; else both")
    out.add_argument("--kills", type=int, default=FAKE_KILLS, help="of each format, records alone")
    out.add_argument("--real-kills", type=int, default=REAL_KILLS, help="of each format")
    out.add_argument("--rows", type=data.positive, default=ROWS)
    out.add_argument("--few-rows", type=data.positive, default=FEW_ROWS)
    return out


def main() -> None:
    args = options().parse_args()
    parts = args.part or PARTS
    if "kills" in parts:
        body = kill(args.data, fake=args.kills, real=args.real_kills)
        trial = args.kills < FAKE_KILLS or args.real_kills < REAL_KILLS
        report("durability-kills", "Durability: kill -9", body, trial=trial)
    if "memory" in parts:
        body = peak_memory(args.data, rows=args.rows, few=args.few_rows)
        report("durability-memory", "Durability: memory", body, trial=args.rows < ROWS)


if __name__ == "__main__":
    main()
