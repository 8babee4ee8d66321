import CSystem
import Glibc
import Time

/// A point on the machine's monotonic clock, in whole milliseconds.
struct LoopTime: Comparable, Sendable {
    let milliseconds: Int64

    /// Later than every deadline.
    static let never = LoopTime(milliseconds: .max)

    static func now() -> LoopTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return LoopTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    func advanced(byMilliseconds count: Int64) -> LoopTime {
        let (sum, overflow) = milliseconds.addingReportingOverflow(count)
        return overflow ? .never : LoopTime(milliseconds: sum)
    }

    static func < (left: LoopTime, right: LoopTime) -> Bool { left.milliseconds < right.milliseconds }
}
