import ServiceKit

/// A name under which a deployment is served, and how.
struct Stage: Sendable, OutputShape {
    let apiID: String
    let name: String
    var deploymentID: String
    var members: StoredMembers
    let created: Timestamp
    var updated: Timestamp

    static let memberNames = [
        "description", "cacheClusterEnabled", "cacheClusterSize", "variables", "documentationVersion",
        "canarySettings", "tracingEnabled", "tags",
    ]

    func write(to json: inout JSONWriter) {
        json.member("stageName", name)
        json.member("deploymentId", deploymentID)
        let isCached = (try? members.read("cacheClusterEnabled") as Bool?) == true
        json.member("cacheClusterStatus", isCached ? "AVAILABLE" : "NOT_AVAILABLE")
        json.member("createdDate", created)
        json.member("lastUpdatedDate", updated)
        members.write(to: &json)
    }

    /// - Throws: `BadRequestException` for names AWS refuses.
    static func check(_ name: String) throws {
        let isValid =
            !name.isEmpty && name.utf8.count <= 128
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isValid else { throw ServiceError.badRequest("Stage name only allows a-zA-Z0-9-_") }
    }

    /// Applies one patch operation.
    ///
    /// [Paths](https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)
    mutating func apply(_ patch: PatchOperation) throws {
        let parts = patch.path.split(separator: "/").map(String.init)
        switch parts.first {
        case "deploymentId": deploymentID = patch.value ?? deploymentID
        case "description", "cacheClusterSize", "documentationVersion":
            members.set(parts[0], patch.value ?? "")
        case "cacheClusterEnabled", "tracingEnabled": members.set(parts[0], patch.value == "true")
        case "variables" where parts.count == 2: try setVariable(parts[1], patch)
        case let first? where parts.count >= 4 || first == "*": try setMethodSetting(patch)
        default: throw ServiceError.badRequest("Invalid patch path '\(patch.path)'")
        }
    }

    private mutating func setVariable(_ name: String, _ patch: PatchOperation) throws {
        var variables: [String: String] = try members.read("variables") ?? [:]
        variables[name] = patch.op == "remove" ? nil : patch.value
        members.set("variables", variables)
    }

    /// `/*/*/caching/enabled`, or a resource path with `~1` for `/`: `/~1todos/GET/throttling/rateLimit`.
    private mutating func setMethodSetting(_ patch: PatchOperation) throws {
        let parts = patch.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4 else { throw ServiceError.badRequest("Invalid patch path '\(patch.path)'") }
        let path = parts[0].replacing("~1", with: "/")
        let key = path == "*" ? "*/\(parts[1])" : "\(path.drop { $0 == "/" })/\(parts[1])"
        var settings: [String: MethodSetting] = try members.read("methodSettings") ?? [:]
        var setting = settings[key] ?? MethodSetting()
        try setting.set("\(parts[2])/\(parts[3])", to: patch.value ?? "", path: patch.path)
        settings[key] = setting
        members.set("methodSettings", settings)
    }
}

/// One change of an object: `{"op":"replace","path":"/description","value":"…"}`.
struct PatchOperation: InputShape {
    let op: String
    let path: String
    let value: String?

    init(_ member: Members) throws {
        op = try member("op") ?? "replace"
        path = try member("path") ?? ""
        value = try member("value")
    }
}

/// How a stage treats a method; `*/*` for all.
struct MethodSetting: InputShape, OutputShape {
    private var members = StoredMembers()

    private static let names: [String: (member: String, kind: Kind)] = [
        "metrics/enabled": ("metricsEnabled", .bool),
        "logging/loglevel": ("loggingLevel", .text),
        "logging/dataTrace": ("dataTraceEnabled", .bool),
        "throttling/burstLimit": ("throttlingBurstLimit", .whole),
        "throttling/rateLimit": ("throttlingRateLimit", .number),
        "caching/enabled": ("cachingEnabled", .bool),
        "caching/ttlInSeconds": ("cacheTtlInSeconds", .whole),
        "caching/dataEncrypted": ("cacheDataEncrypted", .bool),
        "caching/requireAuthorizationForCacheControl": ("requireAuthorizationForCacheControl", .bool),
        "caching/unauthorizedCacheControlHeaderStrategy": ("unauthorizedCacheControlHeaderStrategy", .text),
    ]
    private enum Kind { case bool, whole, number, text }

    /// AWS's defaults.
    init() {
        members.set("metricsEnabled", false)
        members.set("dataTraceEnabled", false)
        members.set("throttlingBurstLimit", 5000)
        members.set("throttlingRateLimit", 10000.0)
        members.set("cachingEnabled", false)
        members.set("cacheTtlInSeconds", 300)
        members.set("cacheDataEncrypted", false)
        members.set("requireAuthorizationForCacheControl", true)
        members.set("unauthorizedCacheControlHeaderStrategy", "SUCCEED_WITH_RESPONSE_HEADER")
    }

    init(_ member: Members) throws {
        members = try StoredMembers(member, names: MethodSetting.names.values.map(\.member))
    }

    func write(to json: inout JSONWriter) { members.write(to: &json) }

    mutating func set(_ name: String, to text: String, path: String) throws {
        guard let setting = MethodSetting.names[name] else {
            throw ServiceError.badRequest("Invalid patch path '\(path)'")
        }
        switch setting.kind {
        case .bool: members.set(setting.member, text == "true")
        case .text: members.set(setting.member, text)
        case .whole:
            guard let number = Int(text), number >= 0 else { throw ServiceError.badRequest("Invalid value '\(text)'") }
            members.set(setting.member, number)
        case .number:
            guard let number = Double(text), number >= 0 else {
                throw ServiceError.badRequest("Invalid value '\(text)'")
            }
            members.set(setting.member, number)
        }
    }
}
