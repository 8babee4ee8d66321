import Glibc

/// Large tables that stay in a folder from run to run.
enum BenchTables {
    /// Opens the table of so many items, and fills it where no earlier run did.
    static func open(_ folder: String, items: Int) async throws -> Client {
        let folder = "\(folder)/tables-bench-\(items)"
        readAhead("\(folder)/tables/tables.db")
        let client = try await Client(folder: folder)
        // What an earlier run left is taken as it is.
        if client.fileSize >= items * 1000 { return client }
        try await client.fillInOrder(items: items)
        // The last of it must leave the write-ahead log.
        await client.close()
        return try await Client(folder: folder)
    }

    /// Brings a file into the system's cache: what is measured is not the disk.
    private static func readAhead(_ path: String) {
        let file = Glibc.open(path, O_RDONLY)
        guard file >= 0 else { return }
        defer { close(file) }
        var part = [UInt8](repeating: 0, count: 1 << 20)
        while read(file, &part, part.count) > 0 {}
    }
}
