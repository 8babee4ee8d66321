import Foundation
import Sandbox
import Testing

/// A sandbox over a temporary store, and functions written as scripts.
struct SandboxFixture {
    let sandbox: Sandbox
    let store: String
    let runtime: Runtime

    /// Where SwiftPM puts the products of this build.
    static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    static let zygote = products.appendingPathComponent("apus-zygote").path

    /// Runs `body` with a sandbox, and ends everything afterwards.
    static func with(
        _ configure: (inout Sandbox.Configuration) -> Void = { _ in },
        _ body: (SandboxFixture) async throws -> Void
    ) async throws {
        let store = NSTemporaryDirectory() + "apus-sandbox-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: store) }
        var configuration = Sandbox.Configuration(store: store)
        configuration.readyCount = 0
        configure(&configuration)
        let runtime = Runtime.provided(name: "provided.al2023", zygote: zygote)
        let fixture = SandboxFixture(sandbox: Sandbox(configuration), store: store, runtime: runtime)
        do {
            try await body(fixture)
            await fixture.sandbox.stop()
        } catch {
            await fixture.sandbox.stop()
            throw error
        }
    }

    /// Puts a Python script into the store as a package with a bootstrap of its own.
    func package(_ script: String, named name: String = UUID().uuidString) throws -> String {
        let folder = store + "/" + name
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let text = "#!/usr/bin/python3 -I\nimport os, sys, socket, subprocess\n" + script
        try text.write(toFile: folder + "/bootstrap", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/bootstrap")
        return name
    }

    /// Runs a script to its end in an environment of its own; returns what it wrote.
    func run(_ script: String, memoryMegabytes: Int = 256) async throws -> (output: String, exit: EnvironmentExit) {
        try await run(package: try package(script), memoryMegabytes: memoryMegabytes)
    }

    /// Runs a package of the store to its end in an environment of its own; returns what it wrote.
    func run(package: String, memoryMegabytes: Int = 256) async throws -> (output: String, exit: EnvironmentExit) {
        let environment = try await sandbox.take(runtime)
        let written = Written()
        var order = StartOrder(code: package, memoryMegabytes: memoryMegabytes)
        order.variables = ["GREETING": "hello"]
        try environment.start(order) { written.append($0) }
        let exit = await environment.exit()
        return (written.text, exit)
    }
}

/// Collects output; a test's end of `start`'s closure.
final class Written: @unchecked Sendable {
    // Protected by `lock`.
    private let lock = NSLock()
    private var records: [OutputRecord] = []

    func append(_ more: [OutputRecord]) { lock.withLock { records += more } }
    var text: String { lock.withLock { records.map { String(decoding: $0.message, as: UTF8.self) }.joined() } }
}

/// Isolation needs a kernel and a container that allow namespaces; where they do not, these tests say so.
enum Namespaces {
    static let areAllowed: Bool = {
        let command = ["/usr/bin/unshare", "--mount", "--pid", "--net", "--fork"]
        return Program.run(command + (geteuid() == 0 ? [] : ["--user"]) + ["/bin/true"]) == 0
    }()
}

extension Trait where Self == ConditionTrait {
    static var needsNamespaces: Self {
        .enabled(if: Namespaces.areAllowed, "namespaces are not allowed here: sandbox isolation is NOT tested")
    }
}
