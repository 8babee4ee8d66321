import AWSModel
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import Lambda

/// Lambda on a test host, with roles that anybody may assume.
struct LambdaFixture {
    let host: TestHost
    let lambda: Lambda

    static let role = "arn:aws:iam::000000000000:role/function"
    /// Runtime clients are installed once for all test runs, beside the build.
    static let runtimes: String = {
        let folder = SandboxFixture.products.deletingLastPathComponent().appendingPathComponent("runtimes").path
        let script = ResourceLocator.current().folder(["scripts/install-runtimes"]) ?? "scripts/install-runtimes"
        Program.run(["/bin/sh", script, folder])
        return folder
    }()

    static func with(
        folder: String? = nil, authorizer: any Authorizer = AllowAll(), _ body: (LambdaFixture) async throws -> Void
    ) async throws {
        let holder = Holder()
        try await TestHost.with("functions", folder: folder, authorizer: authorizer) { host in
            var setting = Lambda.Setting(credentials: FixedCredentials(), runtimeFolder: runtimes)
            setting.readyCount = 1
            let lambda = try await Lambda.make(on: host, setting)
            holder.lambda = lambda
            return lambda.services
        } run: { host in
            try await body(LambdaFixture(host: host, lambda: try #require(holder.lambda)))
        }
    }

    private final class Holder: @unchecked Sendable {
        // Written once, before it is read, by the same task.
        var lambda: Lambda?
    }

    @discardableResult
    func call(_ operation: String, _ input: [String: Any]) async throws -> JSONValue {
        let data = try JSONSerialization.data(withJSONObject: input)
        return try await host.call("lambda", operation, String(decoding: data, as: UTF8.self))
    }

    func error(_ operation: String, _ input: [String: Any]) async throws -> ServiceError? {
        do {
            try await call(operation, input)
            return nil
        } catch let error as ServiceError {
            return error
        }
    }

    /// Makes a Python function of one file `app.py` with a function `handler`.
    @discardableResult
    func create(_ name: String, python source: String, _ more: [String: Any] = [:]) async throws -> JSONValue {
        try await create(name, files: ["app.py": source], more)
    }

    @discardableResult
    func create(_ name: String, files: [String: String], _ more: [String: Any] = [:]) async throws -> JSONValue {
        var input: [String: Any] = [
            "FunctionName": name, "Runtime": "python3.11", "Role": Self.role, "Handler": "app.handler",
            "Code": ["ZipFile": ZipFile(files).base64],
        ]
        input.merge(more) { _, new in new }
        return try await call("CreateFunction", input)
    }

    struct Invoked {
        let payload: String
        let functionError: String?
        let log: String
        let version: String?
    }

    func invoke(_ name: String, _ payload: String = "{}", _ more: [String: Any] = [:]) async throws -> Invoked {
        var input: [String: Any] = [
            "FunctionName": name, "Payload": Data(payload.utf8).base64EncodedString(), "LogType": "Tail",
        ]
        input.merge(more) { _, new in new }
        let output = try await call("Invoke", input)
        let decode = { (text: String?) in String(decoding: Data(base64Encoded: text ?? "") ?? Data(), as: UTF8.self) }
        return Invoked(
            payload: decode(output["Payload"]?.string), functionError: output["FunctionError"]?.string,
            log: decode(output["LogResult"]?.string), version: output["ExecutedVersion"]?.string)
    }
}

struct FixedCredentials: RoleCredentialsSource {
    func credentials(of role: String, session: String, region: String) async throws -> RoleCredentials {
        guard role != "arn:aws:iam::000000000000:role/stranger" else {
            throw ServiceError("AccessDenied", "not trusted", status: 403)
        }
        return RoleCredentials(
            accessKeyID: "ASIAFUNCTION", secretAccessKey: "secret", sessionToken: "token",
            expiration: Timestamp.now() + .seconds(3600))
    }
}

/// Makes ZIP archives, with stored entries.
struct ZipFile {
    struct Entry {
        var name: String
        var contents: [UInt8]
        var mode: UInt16 = 0o100644
    }

    let bytes: [UInt8]
    var base64: String { Data(bytes).base64EncodedString() }

    init(_ files: [String: String]) {
        self.init(files.sorted { $0.key < $1.key }.map { Entry(name: $0.key, contents: Array($0.value.utf8)) })
    }

    init(_ entries: [Entry]) {
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = UInt32(body.count)
            let checksum = CRC32.checksum(entry.contents)
            let length = UInt32(entry.contents.count)
            let name = Array(entry.name.utf8)
            let common =
                Self.little(UInt16(20)) + Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt32(0))
                + Self.little(checksum) + Self.little(length) + Self.little(length) + Self.little(UInt16(name.count))
                + Self.little(UInt16(0))
            body += Self.little(UInt32(0x0403_4b50)) + common + name + entry.contents
            directory += Self.little(UInt32(0x0201_4b50)) + Self.little(UInt16(0x0314)) + common
            directory += Self.little(UInt16(0)) + Self.little(UInt16(0)) + Self.little(UInt16(0))
            directory += Self.little(UInt32(entry.mode) << 16) + Self.little(offset) + name
        }
        let count = Self.little(UInt16(entries.count))
        bytes =
            body + directory + Self.little(UInt32(0x0605_4b50)) + Self.little(UInt32(0)) + count + count
            + Self.little(UInt32(directory.count)) + Self.little(UInt32(body.count)) + Self.little(UInt16(0))
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

enum CRC32 {
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = ~0
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}

enum Program {
    /// Runs a program to its end; its status, or -1.
    @discardableResult
    static func run(_ arguments: [String]) -> Int32 {
        var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        var process: pid_t = 0
        var status: Int32 = -1
        guard posix_spawn(&process, arguments[0], nil, nil, &strings, environ) == 0 else { return -1 }
        return waitpid(process, &status, 0) == process ? status : -1
    }
}
