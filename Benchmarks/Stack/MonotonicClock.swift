import Glibc

/// The clock Python's `time.monotonic_ns` reads too.
enum MonotonicClock {
    static func nanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
