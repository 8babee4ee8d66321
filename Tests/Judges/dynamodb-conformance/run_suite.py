"""Runs every file of the suite against a stack of its own, and says what failed and how many passed.

    run_suite.py NODE CHECKOUT [PART_OF_A_FILE'S_NAME]
"""

import collections
import json
import os
import pathlib
import subprocess
import sys

import stack

HERE = pathlib.Path(__file__).parent


def outcomes(node, checkout, file, environment):
    """What became of each test of a file, or a fault of the file itself."""
    try:
        done = subprocess.run(
            [node, "--no-warnings", HERE / "run_file.mjs", checkout, file], env=environment, text=True,
            capture_output=True, timeout=900)
    except subprocess.TimeoutExpired:
        return [{"test": "(file)", "outcome": "failed", "why": "not done in 15 minutes"}]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0:
        lines.append({"test": "(file)", "outcome": "failed", "why": done.stderr[-2000:]})
    return lines


def main(node, checkout, part=""):
    running = stack.Stack().start()
    environment = os.environ | {
        "DYNAMODB_ENDPOINT": running.endpoint, "AWS_ACCESS_KEY_ID": running.key,
        "AWS_SECRET_ACCESS_KEY": running.secret, "AWS_REGION": "us-east-1"}
    counts = collections.Counter()
    try:
        for file in sorted(pathlib.Path(checkout, "tests").rglob("*.test.ts")):
            if part not in str(file):
                continue
            for one in outcomes(node, checkout, file, environment):
                counts[one["outcome"]] += 1
                if one["outcome"] != "passed":
                    name = file.relative_to(pathlib.Path(checkout, "tests"))
                    print(f"{one['outcome'].upper()} {name}: {one['test']}\n    {one.get('why', '')}", flush=True)
    finally:
        running.stop()
    print(", ".join(f"{counts[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped")))
    return min(counts["failed"], 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
