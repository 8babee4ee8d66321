"""What processes use: CPU time and memory, from /proc."""

import os
import pathlib

TICKS = os.sysconf("SC_CLK_TCK")


def stat(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def name(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "gone"


def tree(root):
    """A process and all its descendants."""
    children = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := stat(folder.name)):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def cpu(root):
    """Seconds by executable; of children that ended, their parent's account says."""
    seconds = {}
    for pid in tree(root):
        if fields := stat(pid):
            used = sum(int(field) for field in fields[11:15]) / TICKS
            seconds[name(pid)] = seconds.get(name(pid), 0) + used
    return seconds


def pss(root):
    """Proportional set size in MB by executable."""
    sizes = {}
    for pid in tree(root):
        try:
            rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        sizes[name(pid)] = sizes.get(name(pid), 0) + kilobytes / 1000
    return sizes
