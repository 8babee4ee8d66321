import CSQLite

extension Connection {
    func beginReading() throws {
        noteFaults()
        try perform(.begin)
    }

    /// - Throws: when a mapped page could not be read meanwhile, which may be one that was read here.
    func endReading() throws {
        try? perform(.commit)
        guard isFaultless else {
            throw StorageError.failure(code: SQLITE_IOERR, message: "a page of the database cannot be read")
        }
    }

    /// Drops the pages kept from earlier reads.
    func releaseMemory() { sqlite3_db_release_memory(handle) }

    /// What the pages kept take.
    var cacheBytes: Int {
        var bytes: Int32 = 0
        var most: Int32 = 0
        return sqlite3_db_status(handle, SQLITE_DBSTATUS_CACHE_USED, &bytes, &most, 0) == SQLITE_OK ? Int(bytes) : 0
    }
}
