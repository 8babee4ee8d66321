import HTTP
import HTTPTypes
import Sandbox
import Synchronization

/// Serves the Runtime and Extensions APIs on the listeners that environments bring.
///
/// A listener exists in one environment's network only, so whoever connects to it is that environment.
public final class RuntimeAPI: Sendable {
    private let server: HTTPServer
    private let sessions: SessionTable

    public init(loops: EventLoopGroup = .shared) {
        var configuration = HTTPServer.Configuration(listeners: [], loops: loops)
        // A frozen environment keeps its connection; nobody else can reach this server.
        configuration.timeOuts.idle = .seconds(86_400)
        let sessions = SessionTable()
        self.sessions = sessions
        server = HTTPServer(configuration: configuration) { request in
            guard let tag = request.listener, let session = sessions.session(tag) else {
                return RuntimeError.notFound.response
            }
            return await RuntimeRoute(request).answer(in: session)
        }
    }

    /// Serves an environment until its session is given back.
    public func serve(_ environment: ExecutionEnvironment, _ session: RuntimeSession) async throws {
        let tag = ListenerTag(Int(environment.id))
        sessions.add(session, under: tag)
        try await server.adopt(listeningDescriptor: environment.runtimeListener.duplicate(), tag: tag)
    }

    /// Ends the session and closes what belonged to the environment.
    public func release(_ environment: ExecutionEnvironment) async {
        let tag = ListenerTag(Int(environment.id))
        sessions.remove(tag)?.end()
        await server.removeListeners(tagged: tag)
    }

    public func stop() async { await server.shutDown(within: .zero) }
}

/// Which session a listener belongs to.
final class SessionTable: Sendable {
    private let sessions = Mutex<[ListenerTag: RuntimeSession]>([:])

    func session(_ tag: ListenerTag) -> RuntimeSession? { sessions.withLock { $0[tag] } }
    func add(_ session: RuntimeSession, under tag: ListenerTag) { sessions.withLock { $0[tag] = session } }
    func remove(_ tag: ListenerTag) -> RuntimeSession? { sessions.withLock { $0.removeValue(forKey: tag) } }
}
