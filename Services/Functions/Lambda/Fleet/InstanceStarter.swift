import RuntimeAPI
import Sandbox
import ServiceKit

/// Starts instances: credentials, an environment, the runtime's own initialization.
struct InstanceStarter: Sendable {
    enum Outcome {
        case ready(Instance)
        /// The function's code failed before it could be asked anything.
        case failed(InvocationResult)
    }

    let sandbox: Sandbox
    let runtimes: RuntimeCatalog
    let layers: LayerLibrary
    let runtimeAPI: RuntimeAPI
    let credentials: any RoleCredentialsSource
    let shipper: LogShipper
    let clock: any WallClock
    /// `host:port`, looked up with each start: the gateway may come later than functions, or move.
    let gateway: String
    /// Starts at once beyond the machine's processors only take time from each other.
    let limiter: AsyncSemaphore

    /// AWS gives initialization ten seconds, or the function's time-out where that is longer.
    private static let initializationLimit = Duration.seconds(10)
    /// Instances are given up this long before their credentials end, beside the time an invocation may take.
    private static let credentialsMargin = Duration.seconds(60)

    func start(_ function: FunctionVersion, for request: InvocationRequest) async throws -> Outcome {
        let runtime = try runtimes.runtime(function.runtime)
        let credentials = try await roleCredentials(of: function)
        let layers = try await layers.folder(of: function.layers)
        return try await limiter.run {
            let begin = ContinuousClock.now
            let environment = try await take(runtime)
            do {
                return try await initialize(
                    function, with: layers, in: environment, credentials, request, since: begin)
            } catch {
                environment.kill()
                await runtimeAPI.release(environment)
                throw error
            }
        }
    }

    private func roleCredentials(of function: FunctionVersion) async throws -> RoleCredentials {
        do {
            let region = function.key.region
            return try await credentials.credentials(of: function.role, session: function.key.name, region: region)
        } catch let error as ServiceError where !error.isTransient {
            throw ServiceError(
                "AccessDeniedException", "The role defined for the function cannot be assumed by Lambda.", status: 403)
        }
    }

    private func take(_ runtime: Runtime) async throws -> ExecutionEnvironment {
        do {
            return try await sandbox.take(runtime)
        } catch let error as SandboxError {
            throw ServiceError.noEnvironment(error.description)
        }
    }

    /// - Parameter layers: the folder of the function's layers, relative to the store.
    private func initialize(
        _ function: FunctionVersion, with layers: String?, in environment: ExecutionEnvironment,
        _ credentials: RoleCredentials, _ request: InvocationRequest, since begin: ContinuousClock.Instant
    ) async throws -> Outcome {
        let facts = FunctionFacts(name: function.key.name, version: function.version, handler: function.handler)
        let session = RuntimeSession(facts)
        try await runtimeAPI.serve(environment, session)
        guard let destination = PortRelay.Destination(gateway) else {
            throw ServiceError.noEnvironment("the gateway \(gateway) is not known")
        }
        let relay = try PortRelay(environment.serviceListener, to: destination)
        let stream = LogStream(for: function, at: clock.now)
        let journal = Journal(stream, shipper)
        var order = order(for: function, credentials, stream)
        order.layers = layers
        try environment.start(order) { journal.append($0) }
        Task {
            _ = await environment.exit()
            await runtimeAPI.release(environment)
        }
        let timeout = max(Self.initializationLimit, .seconds(function.timeoutSeconds))
        let timer = ExecutionTimer(environment, limit: timeout, clock: clock)
        let outcome = await session.initialization()
        let didTimeOut = timer.stop()
        guard case .ready = outcome else {
            return .failed(await failure(outcome, environment, journal, function, request, didTimeOut: didTimeOut))
        }
        let margin = Self.credentialsMargin + .seconds(function.timeoutSeconds)
        let parts = Instance.Parts(
            function: function, usableUntil: credentials.expiration - margin, environment: environment,
            session: session, journal: journal, relay: relay, initialization: ContinuousClock.now - begin)
        return .ready(Instance(parts, clock: clock))
    }

    private func order(for function: FunctionVersion, _ credentials: RoleCredentials, _ stream: LogStream) -> StartOrder
    {
        let package = function.package.name
        var order = StartOrder(
            code: package + "/code", memoryMegabytes: function.memoryMegabytes,
            storageMegabytes: function.storageMegabytes)
        order.cache = package + "/cache"
        order.arguments = [function.handler]
        order.variables = RuntimeVariables(function: function, credentials: credentials, stream: stream).values
        return order
    }

    private func failure(
        _ outcome: InitializationOutcome, _ environment: ExecutionEnvironment, _ journal: Journal,
        _ function: FunctionVersion, _ request: InvocationRequest, didTimeOut: Bool
    ) async -> InvocationResult {
        journal.begin(request.requestID, version: function.version, wantsTail: request.wantsLog)
        if !didTimeOut, case .failure = outcome { environment.drainOutput() }
        if case .failure = outcome { environment.kill() }
        let exit = await environment.exit()
        var result = Instance.exitError(exit, request.requestID)
        if case .failure(_, let error) = outcome { result = .failure(error) }
        if didTimeOut {
            let seconds = Duration.seconds(function.timeoutSeconds).twoDecimals(of: .seconds(1))
            let message = "RequestId: \(request.requestID) Error: Task timed out after \(seconds) seconds"
            result = .failure(type: "Sandbox.Timedout", message)
        }
        journal.write("END RequestId: \(request.requestID)\n")
        result.logTail = journal.takeTail()
        return result
    }
}
