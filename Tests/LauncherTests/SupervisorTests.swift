import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import Launcher

/// The `apus` executable with services that are shell scripts.
@Suite("The supervisor", .timeLimit(.minutes(3))) struct SupervisorTests {
    @Test("Every service runs, is started again when it ends, and stops when told to")
    func restart() async throws {
        try await withStack(["alpha": steady, "beta": steady]) { stack in
            let first = try await stack.state { $0.processes.count == 2 && $0.processes.allSatisfy { $0.pid != nil } }
            let alpha = try #require(first.processes.first { $0.name == "alpha" }?.pid)
            kill(pid_t(alpha), SIGKILL)
            let second = try await stack.state { state in
                state.processes.contains { $0.name == "alpha" && $0.pid != nil && $0.pid != alpha }
            }
            #expect(second.processes.first { $0.name == "alpha" }?.restarts == 1)
            #expect(second.processes.first { $0.name == "beta" } == first.processes.first { $0.name == "beta" })
            #expect(try stack.run(["down"]) == 0)
            for process in second.processes { #expect(kill(pid_t(try #require(process.pid)), 0) == -1) }
        }
    }

    @Test("A service that cannot stay up is tried less and less often")
    func backOff() async throws {
        try await withStack(["alpha": "exit 3"]) { stack in
            _ = try await stack.state { $0.processes.first?.restarts ?? 0 >= 3 }
            let log = try stack.log("apus")
            let delays = log.compactMap { LogRecord($0)?.values.first { $0.name == "afterMilliseconds" }?.value }
            #expect(delays.prefix(3) == ["50", "100", "200"])
            #expect(log.contains { LogRecord($0)?.values.contains { $0.value == "exit 3" } == true })
        }
    }

    @Test("What services say is stored, whatever it looks like")
    func logs() async throws {
        let record = #"{"time":"2026-11-21T00:00:00.000Z","level":"info","service":"alpha","message":"hello"}"#
        let script = "echo '\(record)'; echo plain >&2; \(steady)"
        try await withStack(["alpha": script]) { stack in
            _ = try await stack.state { $0.processes.first?.pid != nil }
            let messages = try await stack.eventually {
                let messages = (try? stack.log("alpha").compactMap { LogRecord($0)?.message }) ?? []
                return messages.count == 2 ? messages : nil
            }
            #expect(messages == ["hello", "plain"])
        }
    }

    @Test("Children know their stack and their supervisor")
    func environment() async throws {
        let script = #"echo "$APUS_DATA|$APUS_RUN|$APUS_PORT|$APUS_SUPERVISOR_PID|$PPID"; \#(steady)"#
        try await withStack(["alpha": script]) { stack in
            let line = try await stack.eventually { try? stack.log("alpha").first.flatMap { LogRecord($0)?.message } }
            let parts = line.split(separator: "|")
            #expect(parts[0] == stack.folder + "/data")
            #expect(parts[1] == stack.folder + "/data/run")
            #expect(parts[2] == "1")
            #expect(parts[3] == parts[4])
        }
    }

    @Test("A second supervisor of the same stack, and a reset of a running one, are refused")
    func exclusive() async throws {
        try await withStack(["alpha": steady]) { stack in
            _ = try await stack.state { $0.processes.first?.pid != nil }
            #expect(try stack.run(["up", "--port", "1"]) == 1)
            #expect(try stack.run(["reset", "--yes"]) == 1)
            #expect(try stack.run(["down"]) == 0)
            #expect(try stack.run(["status"]) == 3)
            #expect(try stack.run(["reset", "--yes"]) == 0)
            #expect(access(stack.folder + "/data", F_OK) == -1)
        }
    }

    @Test("A reset deletes no folder that is not a stack's")
    func foreignFolder() async throws {
        try await TemporaryFolder.with { folder in
            _ = try FileBytes.createPrivate("\(folder)/precious", [1])
            let stack = TestStack(folder: folder)
            try FileBytes.makeDirectory("\(folder)/data")
            _ = try FileBytes.createPrivate("\(folder)/data/precious", [1])
            #expect(try stack.run(["reset", "--yes"]) == 0)
            #expect(access("\(folder)/data/precious", F_OK) == 0)
        }
    }

    @Test("A profile is written once, beside the ones that are there")
    func profile() async throws {
        try await TemporaryFolder.with { folder in
            let stack = TestStack(folder: folder)
            #expect(try stack.run(["env"]) == 1)
            try FileBytes.makeDirectory("\(folder)/data")
            let credentials = try RootCredentials(in: "\(folder)/data")
            _ = try FileBytes.createPrivate("\(folder)/config", Array("[default]\nregion = eu-west-1\n".utf8))
            for _ in 0..<2 { #expect(try stack.run(["env", "--profile", "apus"]) == 0) }
            #expect(
                try stack.text("config") == """
                    [default]
                    region = eu-west-1

                    [profile apus]
                    region = us-east-1
                    endpoint_url = http://127.0.0.1:4566

                    """)
            #expect(
                try stack.text("credentials") == """
                    [apus]
                    aws_access_key_id = \(credentials.accessKeyID)
                    aws_secret_access_key = \(credentials.secretAccessKey)

                    """)
        }
    }

    private let steady = "trap 'exit 0' TERM; while :; do sleep 0.05; done"

    private func withStack(_ scripts: [String: String], _ body: (TestStack) async throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            try FileBytes.makeDirectory("\(folder)/bin")
            for (name, script) in scripts {
                _ = try FileBytes.createPrivate("\(folder)/bin/apus-\(name)", Array("#!/bin/sh\n\(script)\n".utf8))
                chmod("\(folder)/bin/apus-\(name)", 0o700)
            }
            let stack = TestStack(folder: folder)
            let supervisor = try stack.spawn(["up", "--port", "1"])
            let result: Result<Void, any Error>
            do { result = .success(try await body(stack)) } catch { result = .failure(error) }
            kill(supervisor, SIGTERM)
            var status: Int32 = 0
            waitpid(supervisor, &status, 0)
            try result.get()
        }
    }
}

/// A stack in a test's folder: `bin` with its services, `data` with what it keeps.
struct TestStack {
    let folder: String

    private var environment: [String: String] {
        [
            "PATH": "/usr/bin:/bin", "APUS_EXECUTABLES": "\(folder)/bin", "AWS_CONFIG_FILE": "\(folder)/config",
            "AWS_SHARED_CREDENTIALS_FILE": "\(folder)/credentials",
        ]
    }

    /// Starts `apus` on this stack.
    func spawn(_ arguments: [String]) throws -> pid_t {
        let output = open("\(folder)/output", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(output) }
        return try ChildProcess.spawn(
            "\(Executables.ownDirectory())/apus", arguments: arguments + ["--data", "\(folder)/data"],
            environment: environment, output: output)
    }

    /// Runs `apus` to its end, and returns its exit code.
    func run(_ arguments: [String]) throws -> Int32 {
        let pid = try spawn(arguments)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status >> 8 & 0xff
    }

    func text(_ file: String) throws -> String {
        String(decoding: try FileBytes.read("\(folder)/\(file)", limit: 1 << 20), as: UTF8.self)
    }

    func log(_ service: String) throws -> [[UInt8]] {
        try text("data/logs/\(service).log").split(separator: "\n").map { Array($0.utf8) }
    }

    /// The first state that is as expected.
    func state(_ isExpected: (SupervisorState) -> Bool) async throws -> SupervisorState {
        try await eventually {
            guard let state = try? SupervisorState.read("\(folder)/data/supervisor.json"), isExpected(state) else {
                return nil
            }
            return state
        }
    }

    func eventually<Value>(_ value: () throws -> Value?) async throws -> Value {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if let value = try value() { return value }
            try await Task.sleep(for: .milliseconds(5))
        }
        return try #require(nil as Value?, "it never happened; see \(folder)/output")
    }
}
