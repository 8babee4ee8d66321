import Dispatch
import Glibc
import Synchronization

/// What the machine, and not the program, kept the program's threads waiting for: processors that others used, and
/// pages that the system had dropped from its cache.
final class MachineWatch: Sendable {
    private struct Sample {
        let time: ContinuousClock.Instant
        /// Nanoseconds that each thread was ready to run and did not.
        let delays: [Int: Int]
        let pagesRead: Int
    }

    private let samples = Mutex<[Sample]>([])
    private let isEnded = Mutex(false)
    private static let pause: UInt32 = 10_000

    init() {
        // A thread of its own: it must not wait for those it watches.
        DispatchQueue(label: "machine watch", qos: .userInteractive).async { [weak self] in
            while let self, !self.isEnded.withLock({ $0 }) {
                let sample = Self.sample()
                self.samples.withLock { $0.append(sample) }
                usleep(Self.pause)
            }
        }
    }

    func end() { isEnded.withLock { $0 = true } }

    /// Between two times: of the thread that waited longest for a processor how long it did, and the pages read.
    func text(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> String {
        let all = samples.withLock { $0 }
        guard let first = all.last(where: { $0.time <= start }) ?? all.first,
            let last = all.first(where: { $0.time >= end }) ?? all.last
        else { return "" }
        let longest = last.delays.map { thread, delay in delay - (first.delays[thread] ?? 0) }.max() ?? 0
        return "a thread waited \(longest / 1_000_000) ms for a processor, "
            + "\(last.pagesRead - first.pagesRead) faults read the disk"
    }

    private static func sample() -> Sample {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var delays: [Int: Int] = [:]
        if let folder = opendir("/proc/self/task") {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if let thread = Int(name) { delays[thread] = delay(of: name) }
            }
            closedir(folder)
        }
        return Sample(time: .now, delays: delays, pagesRead: usage.ru_majflt)
    }

    /// The second number of three.
    private static func delay(of thread: String) -> Int {
        let file = open("/proc/self/task/\(thread)/schedstat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return 0 }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 96)
        let count = read(file, &text, text.count)
        let numbers = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
        return numbers.count > 1 ? Int(String(decoding: numbers[1], as: UTF8.self)) ?? 0 : 0
    }
}
