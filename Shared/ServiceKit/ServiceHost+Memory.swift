/// Memory that databases take while they are read.
extension ServiceHost {
    /// Between two looks whether somebody reads. It is the machine's time, whatever the services' clock says.
    private static let patience = Duration.seconds(20)

    /// Has a database give its memory back when nobody has read for a while. Where nobody reads, nothing wakes.
    func releaseMemory(of database: Database, _ file: String) {
        let firstRead = WorkSignal()
        database.observeFirstRead { firstRead.signal() }
        work("memory of \(file)") {
            for await _ in firstRead.signals {
                repeat { try await Task.sleep(for: Self.patience) } while !database.releaseIdleMemory()
            }
        }
    }
}
