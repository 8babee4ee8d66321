import Bytes
import Foundation
import HTTPTypes
import JSON
import Testing
import Time

@testable import AWSSignature

/// One case of the AWS signing test suite, as aws-c-auth publishes it.
struct ConformanceCase: CustomTestStringConvertible, Sendable {
    let name: String
    let folder: URL
    let accessKeyID: String
    let secret: String
    let rules: CanonicalRequest.Rules

    var testDescription: String { name }

    /// Where the suite lies: beside the package, or where `APUS_CONFORMANCE` says.
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["APUS_CONFORMANCE"] { return URL(fileURLWithPath: path) }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates = [package, package.deletingLastPathComponent()].map {
            $0.deletingLastPathComponent().appendingPathComponent("shared/conformance")
        }
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) } ?? candidates[0]
    }()

    static var isAvailable: Bool { FileManager.default.fileExists(atPath: root.appendingPathComponent("sigv4").path) }

    static func all(_ version: String) -> [ConformanceCase] {
        let folder = root.appendingPathComponent("sigv4/\(version)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { try? ConformanceCase(folder.appendingPathComponent($0)) }.filter {
            FileManager.default.fileExists(atPath: $0.folder.appendingPathComponent("header-signed-request.txt").path)
        }
    }

    private init(_ folder: URL) throws {
        self.folder = folder
        name = folder.lastPathComponent
        let context = try JSONDocument([UInt8](Data(contentsOf: folder.appendingPathComponent("context.json")))).root
        accessKeyID = context["credentials"]?["access_key_id"]?.string ?? ""
        secret = context["credentials"]?["secret_access_key"]?.string ?? ""
        rules = CanonicalRequest.Rules(
            normalizesPath: context["normalize"]?.bool ?? true,
            signsSessionToken: !(context["omit_session_token"]?.bool ?? false))
    }

    func text(_ file: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(file)), as: UTF8.self)
    }

    /// A request as the suite writes it: header names end at the colon, values may be folded.
    func request(_ file: String) throws -> (head: RequestHead, body: [UInt8]) {
        let parts = try text(file).components(separatedBy: "\n\n")
        var lines = parts[0].components(separatedBy: "\n").filter { !$0.isEmpty }
        let start = lines.removeFirst()
        let method = start.prefix { $0 != " " }
        let target = start.dropFirst(method.count + 1).dropLast(" HTTP/1.1".count)
        var fields = HTTPFields()
        for line in lines {
            if line.first == " ", let last = fields.fields.last {
                fields[last.name] = last.value + line
            } else {
                let name = line.prefix { $0 != ":" }
                fields.append(String(name), String(line.dropFirst(name.count + 1)))
            }
        }
        let body = parts.count > 1 ? Array(parts[1].utf8) : []
        return (RequestHead(method: String(method), target: String(target), fields: fields), body)
    }
}
