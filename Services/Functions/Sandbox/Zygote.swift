import Bytes
import CSandbox
import Glibc

/// The process from which environments of one runtime are forked; it ends when this object goes.
final class Zygote: Sendable {
    let processID: pid_t
    private let control: OwnedDescriptor

    /// Starts the process and waits until it has imported everything it shares with its children.
    init(_ runtime: Runtime, store: String, isolation: Isolation) async throws {
        (processID, control) = try Self.spawn(runtime.zygote)
        let root = RuntimeRoot(store: store, runtime: runtime.folder, isolation: isolation)
        try ControlMessage.send(root.message(for: isolation), to: control)
        do {
            try await ControlMessage.expect(.ready, from: control)
        } catch {
            Self.reap(processID)
            throw error
        }
    }

    deinit { Self.reap(processID) }

    /// Asks for a blank environment: its end of the control socket and of the pipes, and the groups it joins.
    func requestEnvironment(
        control theirs: OwnedDescriptor, output: OwnedDescriptor, telemetry: OwnedDescriptor,
        group: ControlGroup
    ) throws(SandboxError) {
        let descriptors = [theirs, output, telemetry] + (try group.openForMembers())
        let message = [ControlMessage.Kind.spawn.rawValue] + Array(group.thaw.utf8)
        try ControlMessage.send(message, with: descriptors, to: control)
    }

    /// Its end of the socket is open there alone, so that a program that cannot start is noticed.
    private static func spawn(_ command: [String]) throws(SandboxError) -> (pid_t, control: OwnedDescriptor) {
        let pair = try ControlMessage.socketPair()
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        // Nothing of the supervisor's environment: it holds credentials.
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), strdup("LC_ALL=C.UTF-8"), nil]
        defer { for string in arguments + environment { free(string) } }
        let process = apus_zygote_spawn(command[0], &arguments, &environment, pair.theirs.number)
        guard process > 0 else { throw .system("start \(command[0])", errno) }
        return (process, pair.ours)
    }

    /// The zygote ends by itself when its control socket does; this collects it without waiting here.
    private static func reap(_ process: pid_t) {
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }
}
