"""The table a reader sees, and the line history keeps."""

import datetime
import json
import os
import subprocess

from servers import ROOT

# scenario, what is compared, against whom, the goal: at least so many times as fast, or at most so many times as long.
RATIOS = [
    ("get-item", "rate", "ministack", 10, "at least"),
    ("get-item-few", "rate", "ministack", 10, "at least"),
    ("get-item", "rate", "nginx", 0.4, "at least"),
    ("put-item", "rate", "ministack", 5, "at least"),
    ("query", "rate", "ministack", 10, "at least"),
    ("batch-write", "rate", "ministack", 10, "at least"),
    ("transact-write", "rate", "ministack", 5, "at least"),
    ("get-object", "rate", "ministack", 6, "at least"),
    ("get-object-few", "rate", "ministack", 6, "at least"),
    ("put-object", "rate", "ministack", 3, "at least"),
    ("get-object", "rate", "seaweedfs", 2, "at least"),
    ("put-object", "rate", "seaweedfs", 2, "at least"),
    ("get-10mb", "rate", "nginx", 0.8, "at least"),
    ("put-10mb", "rate", "nginx", 0.8, "at least"),
    ("list-objects", "rate", "ministack", 10, "at least"),
    ("download", "seconds", "nginx", 1.5, "at most"),
    ("upload", "seconds", "nginx", 1.5, "at most"),
]
LIMITS = [
    ("get-item", "tables_us", 1, 15, "µs of CPU in tables"),
    ("get-item", "p99_of_p50", 1, 10, "× p50 at p99"),
    ("put-object-beside", "p99_us", 1000, 50, "ms at p99 beside 5 GiB"),
    ("invoke-warm", "p50_us", 1000, 2, "ms"),
    ("invoke-cold", "p50_us", 1000, 40, "ms"),
    ("invoke-cold-together", "failures", 1, 0, "failures of 64"),
    ("first-answer", "p50_us", 1000, 300, "ms"),
    ("idle-memory", "megabytes", 1, 80, "MB"),
]


def show(results):
    print(f"\n{'scenario':22}{'server':11}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs each':>13}  failures")
    for scenario, servers in results.items():
        for server, result in servers.items():
            if "rate" in result:
                print(f"{scenario:22}{server:11}{result['rate']:12.1f}{result['p50_us'] / 1000:9.2f}"
                      f"{result['p99_us'] / 1000:9.2f}{result.get('cpu_us_per_request', 0):13.0f}"
                      f"  {result['failures']} {result.get('first_failure') or ''}")
    print(f"\n{'goal':48}{'figure':>12}")
    for line in goals(results):
        print(line)


def goals(results):
    for scenario, field, other, goal, kind in RATIOS:
        ours, theirs = (results.get(scenario, {}).get(name) for name in ("apus", other))
        if not ours or not theirs or not theirs[field]:
            continue
        ratio = ours[field] / theirs[field]
        met = ratio >= goal if kind == "at least" else ratio <= goal
        met = met and not ours["failures"]
        yield f"{f'{scenario}: {kind} {goal} × {other}':48}{ratio:10.2f} ×  {'met' if met else 'MISSED'}"
    for scenario, field, divisor, goal, unit in LIMITS:
        if ours := results.get(scenario, {}).get("apus"):
            value = ours[field] / divisor
            met = value <= goal and not ours.get("failures")
            yield f"{f'{scenario}: at most {goal} {unit}':48}{value:10.1f} {unit}  {'met' if met else 'MISSED'}"


def keep(results, started_load):
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    line = {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), "commit": commit.stdout.strip(),
        "cores": os.cpu_count(), "load_before": round(started_load, 1), "results": rounded(results),
    }
    with open(ROOT / "Benchmarks" / "history.jsonl", "a") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(member) for name, member in value.items()}
    return round(value, 3) if isinstance(value, float) else value
