/// Where an item is stored: two writes of one request must not name the same.
struct StoredPlace: Hashable {
    let table: Int64
    let key: [UInt8]

    init(of write: ItemWrite) {
        table = write.table.id
        key = write.storedKey
    }

    /// All bytes at once: an array hashes them one by one.
    func hash(into hasher: inout Hasher) {
        hasher.combine(table)
        key.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
