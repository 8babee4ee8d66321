"""One measurement: stack-bench against a server, with the CPU time the server used meanwhile."""

import json
import subprocess
import time

import processes
from servers import ROOT

BINARY = ROOT / ".build" / "release" / "stack-bench"


def start(server, workload, **options):
    options = {"endpoint": server.endpoint, "key": server.key, "secret": server.secret} | options
    return subprocess.Popen(
        [BINARY, workload, *(f"{name}={value}" for name, value in options.items())], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)


def finish(started):
    output, errors = started.communicate(timeout=300)
    if started.returncode != 0:
        raise RuntimeError(f"{started.args}: {errors.strip()}")
    return json.loads(output)


def run(server, workload, **options):
    before = processes.cpu(server.pid)
    result = finish(start(server, workload, **options))
    after = processes.cpu(server.pid)
    used = {name: after[name] - before.get(name, 0) for name in after}
    result["server_cpu_seconds"] = sum(used.values())
    result["server_cpu_by_process"] = {name: round(seconds, 2) for name, seconds in used.items() if seconds >= 0.02}
    result["cpu_us_per_request"] = round(sum(used.values()) / max(1, result["sent"]) * 1e6, 1)
    result["tables_us"] = round(used.get("apus-tables", 0) / max(1, result["sent"]) * 1e6, 1)
    return result


def first_answer(apus):
    """Milliseconds from starting `apus up` to its first answer to a signed request."""
    start, starting = apus.restart()
    done = subprocess.run(
        [BINARY, "first-answer", f"endpoint={apus.endpoint}", f"key={apus.key}", f"secret={apus.secret}",
         f"since={start}"],
        capture_output=True, text=True, timeout=60, check=True,
    )
    starting.wait(60)
    return json.loads(done.stdout)


def idle_memory(apus):
    time.sleep(2)
    return processes.pss(apus.pid)
