import CSystem

/// Memory that databases take while they are used.
extension ServiceHost {
    /// Between two looks whether somebody reads or writes. It is the machine's time, whatever the services' clock says.
    private static let patience = Duration.seconds(20)
    /// For the writer, which lets go of its pages on its own thread.
    private static let writersTime = Duration.seconds(1)

    /// Has a database give its memory back when there was little to read, or to write, for a while. Where nobody does
    /// much, nothing wakes.
    func releaseMemory(of database: Database, _ file: String) {
        let use = WorkSignal()
        database.observeUse { use.signal() }
        work("memory of \(file)") {
            for await _ in use.signals {
                repeat { try await Task.sleep(for: Self.patience) } while !database.releaseIdleMemory()
                try await Task.sleep(for: Self.writersTime)
                apus_return_memory()
            }
        }
    }
}
