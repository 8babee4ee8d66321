import Glibc
import TestSupport
import Testing

@Suite("apus up", .serialized, .timeLimit(.minutes(2))) struct SupervisionTests {
    @Test("A service that is killed runs again, and the others never notice")
    func killedService() async throws {
        try await RunningStack.with { stack in
            try await stack.waitUntilHealthy(["messages", "tables"])
            let tables = stack.pid(of: "tables")
            try await stack.kill("messages")
            #expect(stack.processes.first { $0.name == "messages" }?.restarts == 1)
            #expect(stack.pid(of: "tables") == tables)
        }
    }

    @Test("When the supervisor is killed, no service outlives it")
    func killedSupervisor() async throws {
        try await RunningStack.with { stack in
            try await stack.waitUntilHealthy(["messages", "tables"])
            let children = stack.processes.compactMap(\.pid)
            #expect(children.count >= 2)
            kill(stack.supervisor, SIGKILL)
            for child in children {
                try await stack.eventually("\(child) is gone") { kill(child, 0) == -1 && errno == ESRCH }
            }
        }
    }

    @Test("SIGTERM ends every service before the supervisor")
    func terminated() async throws {
        var children: [pid_t] = []
        try await RunningStack.with { stack in
            try await stack.waitUntilHealthy(["messages", "tables"])
            children = stack.processes.compactMap(\.pid)
        }
        for child in children { #expect(kill(child, 0) == -1) }
    }
}
