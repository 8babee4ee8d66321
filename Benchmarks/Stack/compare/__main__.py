"""make bench: Apus, ministack, SeaweedFS and nginx side by side in one run.

Usage: python Benchmarks/Stack/compare [seconds per round] [bytes of the large body]
A scenario that fails is reported and leaves the others alone; the exit code then is 1.
"""

import contextlib
import os
import sys
import traceback

import load
import report
import scenarios
from servers import Apus, Ministack, Nginx, Seaweed


def main(seconds=2, size=1 << 30):
    started_load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load average {started_load:.1f}")
    results, failed = {}, []

    def attempt(name, scenario):
        print(f"… {name}", flush=True)
        try:
            results.update(scenario())
        except Exception:
            traceback.print_exc()
            failed.append(name)

    with contextlib.ExitStack() as servers:
        apus, ministack, nginx, seaweed = (
            open_server(servers, kind) for kind in (Apus, Ministack, Nginx, Seaweed))
        attempt("memory", lambda: {"idle-memory": {"apus": memory(apus)}})
        attempt("small requests", lambda: scenarios.small_requests(apus, ministack, nginx, seaweed, seconds))
        attempt("requests of many", lambda: scenarios.requests_of_many(apus, ministack, seconds))
        attempt("functions", lambda: scenarios.functions(apus, warm_seconds=3, cold=20, at_once=64))
        attempt("bodies of 10 MB", lambda: scenarios.bodies_of_ten_megabytes(apus, nginx))
        attempt("small beside large", lambda: scenarios.small_beside_large(apus, 5 * size))
        attempt("large bodies", lambda: scenarios.large_bodies(apus, nginx, size))
        attempt("first answer", lambda: scenarios.first_answers(apus))
    report.show(results)
    report.keep(results, started_load)
    return 1 if failed else 0


def open_server(servers, kind):
    server = kind()
    servers.callback(server.stop)
    return server


def memory(apus):
    sizes = load.idle_memory(apus)
    return {"megabytes": sum(sizes.values()), "by_process": sizes}


sys.exit(main(*(int(argument) for argument in sys.argv[1:])))
