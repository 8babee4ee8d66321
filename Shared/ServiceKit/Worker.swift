/// Something that happens without a request: runs until cancelled, is started again with back-off when it fails.
struct Worker: Sendable {
    let name: String
    let body: @Sendable () async throws -> Void

    func run(clock: any WallClock, log: Log) async {
        var delay = Duration.milliseconds(100)
        while !Task.isCancelled {
            let start = clock.now
            do {
                try await body()
                return
            } catch is CancellationError {
                return
            } catch {
                log.error("A worker failed and starts again", ["worker": name, "error": "\(error)"])
            }
            if clock.now - start > .seconds(60) { delay = .milliseconds(100) }
            do { try await clock.sleep(until: clock.now + delay) } catch { return }
            delay = min(delay * 2, .seconds(30))
        }
    }
}
