import Glibc
import Storage

/// What a layout costs: space, and CPU of puts in random order, gets and pages of a hundred.
struct LayoutMeasurement: CustomStringConvertible {
    private static let partitionSize = 100
    private static let readCount = 20000

    private let name: String
    private let bytesEach: Int
    private let put: Cost
    private let read: Reads
    private let mappedRead: Reads

    /// CPU and reads from the file of one call.
    private struct Cost {
        let microseconds: Double
        let reads: Double
    }

    private struct Reads {
        let get: Cost
        let query: Cost
    }

    /// What is put in, and in which order: without pattern, or in that of the keys.
    struct Filling {
        let items: Int
        let bytes: Int
        let isOrdered: Bool
    }

    init(of layout: Layout, pageSize: Int, _ filling: Filling, in folder: String) async throws {
        let (items, bytes) = (filling.items, filling.bytes)
        let path = "\(folder)/layout-bench.db"
        defer { for suffix in ["", "-lock", "-wal", "-shm"] { unlink(path + suffix) } }
        var options = Database.Options()
        options.pageSize = pageSize
        let order = Self.shuffled(items)
        name = "\(layout.name), pages of \(pageSize)"
        var database = try Database(path: path, migrations: [Migration(1, layout.schema)], options: options)
        let putOrder = filling.isOrdered ? Self.ordered(items) : order
        put = try await Self.cost(of: items) { try await Self.fill(database, layout, putOrder, bytes) }
        bytesEach = try await database.read { try $0.value("PRAGMA page_count") ?? 0 } * pageSize / items
        database.close()
        database = try Database(path: path, migrations: [Migration(1, layout.schema)], options: options)
        // Another order than that of arrival, which rows may lie in.
        let readOrder = (0..<Self.readCount).map { order[$0 * 7919 % items] }
        read = try await Self.read(database, layout, readOrder, bytes)
        database.close()
        options.mappedBytes = 1 << 31
        database = try Database(path: path, migrations: [Migration(1, layout.schema)], options: options)
        mappedRead = try await Self.read(database, layout, readOrder, bytes)
        database.close()
    }

    private static func fill(_ database: Database, _ layout: Layout, _ order: [Int32], _ bytes: Int) async throws {
        let stride = 1000
        for start in Swift.stride(from: 0, to: order.count, by: stride) {
            try await database.write { transaction in
                for number in order[start..<min(order.count, start + stride)] {
                    let key = BenchKey(Int(number), partitionSize: partitionSize)
                    let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: bytes)
                    let values: [any SQLValue] = [key.bytes, value] + (layout.isPlaced ? [key.place] : [])
                    try transaction.execute(layout.put, values: values)
                }
            }
        }
    }

    private static func read(
        _ database: Database, _ layout: Layout, _ order: [Int32], _ bytes: Int
    ) async throws -> Reads {
        let get = try await cost(of: readCount) {
            for number in order {
                let key = BenchKey(Int(number), partitionSize: partitionSize)
                let count = try await database.read {
                    try $0.first(layout.get, key.bytes) { try $0.withBytes(at: 0, \.count) }
                }
                guard count == bytes else { throw StorageError.corrupt(message: "no item") }
            }
        }
        let query = try await cost(of: readCount / 10) {
            for number in order.prefix(readCount / 10) {
                let key = BenchKey(Int(number), partitionSize: partitionSize)
                var count = 0
                try await database.read {
                    try $0.scan(layout.query, key.partition, key.partitionEnd) { row in
                        count += try row.withBytes(at: 1, \.count)
                        return .next
                    }
                }
                guard count == partitionSize * bytes else { throw StorageError.corrupt(message: "no page") }
            }
        }
        return Reads(get: get, query: query)
    }

    /// The numbers below `count` in the order of their keys, which is that of their partitions' hashes.
    private static func ordered(_ count: Int) -> [Int32] {
        let partitions = (0..<count / partitionSize).map { number in
            (place: BenchKey(number * partitionSize, partitionSize: partitionSize).place, number: number)
        }
        return partitions.sorted { $0.place < $1.place }.flatMap { partition in
            (0..<partitionSize).map { Int32(partition.number * partitionSize + $0) }
        }
    }

    /// The numbers below `count` in an order without pattern, the same in every run.
    private static func shuffled(_ count: Int) -> [Int32] {
        var order = (0..<Int32(count)).map { $0 }
        var state: UInt64 = 1
        for index in order.indices.reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            order.swapAt(index, Int(state >> 33) % (index + 1))
        }
        return order
    }

    private static func cost(of count: Int, _ body: () async throws -> Void) async throws -> Cost {
        let (seconds, reads) = (processSeconds(), readCalls())
        try await body()
        return Cost(
            microseconds: (processSeconds() - seconds) / Double(count) * 1e6,
            reads: Double(readCalls() - reads) / Double(count))
    }

    var description: String {
        func text(_ cost: Cost) -> String {
            "\(rounded(cost.microseconds)) µs CPU, \(rounded(cost.reads)) reads"
        }
        return """
            \(name): \(bytesEach) bytes each; put \(text(put))
              get \(text(read.get)); query of 100 \(text(read.query))
              mapped: get \(text(mappedRead.get)); query of 100 \(text(mappedRead.query))
            """
    }

    private func rounded(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

/// The key of an item as `tables` builds it: a hash of the partition, the partition, the sort key.
struct BenchKey {
    let bytes: [UInt8]
    let partition: [UInt8]
    let partitionEnd: [UInt8]
    /// The first rowid of the partition's rows.
    let place: Int64

    init(_ number: Int, partitionSize: Int) {
        let name = Array("user \(number / partitionSize)".utf8)
        let hash = UInt32(truncatingIfNeeded: (UInt64(number / partitionSize) &* 0x9E37_79B9_7F4A_7C15) >> 32)
        let prefix = (0..<4).map { UInt8(truncatingIfNeeded: hash >> (24 - 8 * UInt32($0))) }
        partition = prefix + name + [0, 0]
        partitionEnd = prefix + name + [0, 1]
        bytes = partition + [3, 130, UInt8(number % partitionSize + 1), 0]
        place = Int64(hash) << 31
    }
}

func processSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Calls of `read` and its kin so far, as the kernel counts them.
func readCalls() -> Int {
    let file = open("/proc/self/io", O_RDONLY)
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 512)
    let count = read(file, &text, text.count)
    for line in String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("syscr: ") {
        return Int(line.dropFirst(7)) ?? 0
    }
    return 0
}
