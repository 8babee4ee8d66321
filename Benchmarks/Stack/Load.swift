import Glibc

/// Sends prepared requests over kept connections of one thread and takes the time of each.
struct Load {
    private static let warmUp = Duration.milliseconds(500)
    private static let bufferBytes = 256 << 10

    let port: UInt16
    let connections: Int
    /// The path, without the request's number, where a server leaves what it stored without having it on the disk.
    let unsynced: String?

    init(_ options: Options) throws(UsageError) {
        port = try options.port()
        connections = try options.number("connections", default: 16)
        let path = try options.text("unsynced", default: "")
        unsynced = path.isEmpty ? nil : path
    }

    /// For so long, around and around; connections are opened and caches filled before.
    func run(_ requests: [PreparedRequest], seconds: Int) throws -> Measurement {
        let warmUp = try run(requests, until: .now + Self.warmUp)
        var measurement = try run(requests, until: .now + .seconds(seconds))
        measurement.sent += warmUp.sent
        return measurement
    }

    /// Each request once.
    func runOnce(_ requests: [PreparedRequest]) throws -> Measurement { try run(requests, until: nil) }

    private func run(_ requests: [PreparedRequest], until end: ContinuousClock.Instant?) throws -> Measurement {
        let bytes = requests.map(\.bytes)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        var open = (0..<connections).map { _ in LoadConnection(port: port) }
        var measurement = Measurement()
        var position = 0
        let begin = ContinuousClock.now
        /// `false` if there is nothing left to send.
        func startNext(_ connection: LoadConnection, at now: ContinuousClock.Instant) -> Bool {
            guard end.map({ now < $0 }) ?? (position < bytes.count) else { return false }
            connection.start(bytes[position % bytes.count], number: position % bytes.count)
            position += 1
            return true
        }
        open.removeAll { !startNext($0, at: begin) }
        while !open.isEmpty {
            var waits = open.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
            guard poll(&waits, nfds_t(waits.count), 60_000) > 0 else { throw UsageError("no answer within a minute") }
            var finished: [Int] = []
            for (index, wait) in waits.enumerated() where wait.revents != 0 {
                guard let outcome = open[index].proceed(into: buffer) else { continue }
                if let unsynced { synchronize("\(unsynced)-\(open[index].number)") }
                let now = ContinuousClock.now
                measurement.add(now - open[index].started, outcome)
                if !startNext(open[index], at: now) { finished.append(index) }
            }
            for index in finished.reversed() { open.remove(at: index) }
        }
        return Measurement(merging: [measurement], elapsed: ContinuousClock.now - begin)
    }

    private func synchronize(_ path: String) {
        let descriptor = Glibc.open(path, O_RDWR)
        fsync(descriptor)
        close(descriptor)
    }
}
