import ServiceKit

/// Reads every file again and compares it with its checksum, slowly, so that rot is found before a reader finds it.
struct Scrubber: Sendable {
    let store: S3Store
    let clock: any WallClock
    let log: Log
    let metrics: Metrics

    /// One pass a week.
    func run() async throws {
        while true {
            try await clock.sleep(until: clock.now + .seconds(7 * 24 * 3600))
            let damaged = try await scrub()
            metrics.set("apus_s3_damaged_files", to: Double(damaged.count))
        }
    }

    /// Returns the files whose bytes are not what was stored.
    func scrub() async throws -> [String] {
        var (last, damaged): (Int64, [String]) = (0, [])
        while true {
            let (start, limit) = (last, 100)
            let rows = try await store.read { try $0.segments(after: start, limit: limit) }
            for row in rows {
                for segment in row.segments where try await !isIntact(segment, of: row.id) {
                    log.error("A file is damaged", ["file": segment.file, "object": "\(row.id)"])
                    damaged.append(segment.file)
                }
                last = row.id
            }
            if rows.count < limit { return damaged }
        }
    }

    private func isIntact(_ segment: Segment, of object: Int64) async throws -> Bool {
        var crc = CRC64NVME()
        do {
            let stream = try await ContentReader.stream(
                .segments([segment]), range: 0..<segment.size, files: store.files, key: nil)
            while let chunk = try await stream.next() { crc.update(chunk) }
        } catch FileError.missing {
            // Removed since its row was read, unless the row is still there.
            return try await !store.read { try $0.object(object, has: segment.file) }
        } catch ByteStreamError.truncated {
            return false
        }
        return crc.value == segment.crc
    }
}
