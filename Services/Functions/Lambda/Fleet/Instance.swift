import RuntimeAPI
import Sandbox
import ServiceKit
import Synchronization

/// One environment with a function initialized in it, which runs one invocation at a time.
final class Instance: Sendable {
    let function: FunctionVersion
    /// Until when its credentials serve; it is not used beyond.
    let usableUntil: Timestamp
    private let environment: ExecutionEnvironment
    private let session: RuntimeSession
    private let journal: Journal
    private let clock: any WallClock
    /// Held so that the function reaches AWS as long as it lives.
    private let relay: PortRelay
    /// How long it took to start, reported with its first invocation.
    private let initialization: Mutex<Duration?>

    struct Parts {
        let function: FunctionVersion
        let usableUntil: Timestamp
        let environment: ExecutionEnvironment
        let session: RuntimeSession
        let journal: Journal
        let relay: PortRelay
        let initialization: Duration
    }

    init(_ parts: Parts, clock: any WallClock) {
        (function, usableUntil, environment) = (parts.function, parts.usableUntil, parts.environment)
        (session, journal, relay) = (parts.session, parts.journal, parts.relay)
        initialization = Mutex(parts.initialization)
        self.clock = clock
    }

    var hasEnded: Bool { environment.hasEnded }
    func freeze() { environment.freeze() }
    func thaw() { environment.thaw() }
    func kill() { environment.kill() }

    /// Runs one invocation. Afterwards the instance can be used again unless it `hasEnded`.
    func invoke(_ request: InvocationRequest) async -> InvocationResult {
        journal.begin(request.requestID, version: function.version, wantsTail: request.wantsLog)
        let start = ContinuousClock.now
        let timer = ExecutionTimer(environment, limit: .seconds(function.timeoutSeconds), clock: clock)
        let outcome = await session.invoke(request.invocation(deadline: timer.deadline))
        let didTimeOut = timer.stop()
        let duration = ContinuousClock.now - start
        environment.drainOutput()
        let (result, errorType) = await self.result(of: outcome, request.requestID, didTimeOut: didTimeOut)
        report(request.requestID, duration: didTimeOut ? .seconds(function.timeoutSeconds) : duration, errorType)
        var reported = result
        reported.logTail = journal.takeTail()
        return reported
    }

    private func result(
        of outcome: InvocationOutcome, _ requestID: String, didTimeOut: Bool
    ) async -> (InvocationResult, errorType: String?) {
        switch outcome {
        case .response(let payload): return (.success(payload), nil)
        case .failure(let type, let payload): return (.failure(payload), type)
        case .responseTooLarge:
            let limit = RuntimeSession.responseLimit
            let type = "Function.ResponseSizeTooLarge"
            let message = "Response payload size exceeded maximum allowed payload size (\(limit) bytes)."
            return (.failure(type: type, message), type)
        case .ended where didTimeOut:
            _ = await environment.exit()
            let message =
                "Task timed out after \(Duration.seconds(function.timeoutSeconds).twoDecimals(of: .seconds(1))) seconds"
            journal.write("\(clock.now.iso8601(milliseconds: true)) \(requestID) \(message)\n\n")
            return (.failure(type: "Sandbox.Timedout", "RequestId: \(requestID) Error: \(message)"), "timeout")
        case .ended:
            let exit = await environment.exit()
            return (Self.exitError(exit, requestID), exit == .outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError")
        }
    }

    /// The runtime ended while it was expected to answer.
    static func exitError(_ exit: EnvironmentExit, _ requestID: String) -> InvocationResult {
        let ending =
            exit == .exited(0)
            ? "Runtime exited without providing a reason" : "Runtime exited with error: \(exit.reason)"
        return .failure(type: "Runtime.ExitError", "RequestId: \(requestID) Error: \(ending)")
    }

    private func report(_ requestID: String, duration: Duration, _ errorType: String?) {
        journal.write("END RequestId: \(requestID)\n")
        let initialization = initialization.withLock { value in
            defer { value = nil }
            return value
        }
        let total = duration + (initialization ?? .zero)
        var line = "REPORT RequestId: \(requestID)\tDuration: \(duration.twoDecimals(of: .milliseconds(1))) ms\t"
        line += "Billed Duration: \(Int((total / .milliseconds(1)).rounded(.up))) ms\t"
        line += "Memory Size: \(function.memoryMegabytes) MB\t"
        let used = min(environment.peakMemoryMegabytes ?? function.memoryMegabytes, function.memoryMegabytes)
        line += "Max Memory Used: \(used) MB\t"
        if let initialization { line += "Init Duration: \(initialization.twoDecimals(of: .milliseconds(1))) ms\t" }
        if errorType == "timeout" {
            line += "Status: timeout"
        } else if let errorType, errorType.hasPrefix("Runtime."), environment.hasEnded {
            line += "Status: error\tError Type: \(errorType)"
        }
        journal.write(line + "\n")
    }
}

extension Duration {
    /// `12.34`, without Foundation.
    func twoDecimals(of unit: Duration) -> String {
        let hundredths = Int((self / unit * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
