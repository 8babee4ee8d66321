import ServiceKit

/// One version of a function as it is stored and shown: the API's `FunctionConfiguration`.
struct FunctionVersion: Sendable, OutputShape, InputShape {
    static let latest = "$LATEST"

    var key: FunctionKey
    var version: String
    var runtime: String
    var role: String
    var handler: String
    var package: Package
    var description: String
    var timeoutSeconds: Int
    var memoryMegabytes: Int
    var storageMegabytes: Int
    var variables: [String: String]?
    var deadLetterTarget: String?
    var tracingMode: String
    var layers: [LayerReference]
    var architectures: [String]
    var logging: LoggingConfiguration?
    var lastModified: Timestamp
    var revisionID: String

    /// With the version, except `$LATEST` which shows without: as the API does.
    var shownARN: String { key.arn(version == Self.latest ? nil : version).description }

    init(_ member: Members) throws {
        let arn: String = try member("FunctionArn")
        guard let named = FunctionName(arn), let account = named.account, let region = named.region else {
            throw MemberError.invalid("FunctionArn")
        }
        key = FunctionKey(account: account, region: region, name: named.name)
        version = try member("Version")
        runtime = try member("Runtime")
        role = try member("Role")
        handler = try member("Handler") ?? ""
        guard let package = Package(codeSHA256: try member("CodeSha256"), size: try member("CodeSize")) else {
            throw MemberError.invalid("CodeSha256")
        }
        self.package = package
        description = try member("Description") ?? ""
        timeoutSeconds = try member("Timeout")
        memoryMegabytes = try member("MemorySize")
        storageMegabytes = try (member("EphemeralStorage") as EphemeralStorage?)?.size ?? 512
        variables = try (member("Environment") as EnvironmentVariables?)?.variables
        deadLetterTarget = try (member("DeadLetterConfig") as DeadLetterConfiguration?)?.targetArn
        tracingMode = try (member("TracingConfig") as TracingConfiguration?)?.mode ?? "PassThrough"
        layers = try member("Layers") ?? []
        architectures = try member("Architectures") ?? ["x86_64"]
        logging = try member("LoggingConfig")
        let modified: String = try member("LastModified")
        lastModified = Timestamp(iso8601: modified.replacing("+0000", with: "Z")) ?? Timestamp(seconds: 0)
        revisionID = try member("RevisionId")
    }

    func write(to json: inout JSONWriter) {
        json.member("FunctionName", key.name)
        json.member("FunctionArn", shownARN)
        json.member("Runtime", runtime)
        json.member("Role", role)
        if !handler.isEmpty { json.member("Handler", handler) }
        json.member("CodeSize", package.size)
        json.member("Description", description)
        json.member("Timeout", timeoutSeconds)
        json.member("MemorySize", memoryMegabytes)
        // The one time of the API with an offset instead of a Z.
        json.member("LastModified", lastModified.iso8601(milliseconds: true).dropLast() + "+0000")
        json.member("CodeSha256", package.codeSHA256)
        json.member("Version", version)
        if let deadLetterTarget { json.member("DeadLetterConfig", DeadLetterConfiguration(deadLetterTarget)) }
        if let variables { json.member("Environment", EnvironmentVariables(variables)) }
        json.member("TracingConfig", TracingConfiguration(tracingMode))
        json.member("RevisionId", revisionID)
        if !layers.isEmpty { json.member("Layers", layers) }
        json.member("State", "Active")
        json.member("LastUpdateStatus", "Successful")
        json.member("PackageType", "Zip")
        json.member("Architectures", architectures)
        json.member("EphemeralStorage", EphemeralStorage(storageMegabytes))
        json.member("SnapStart") {
            $0.object {
                $0.member("ApplyOn", "None")
                $0.member("OptimizationStatus", "Off")
            }
        }
        json.member("LoggingConfig", logging ?? LoggingConfiguration(of: key.name))
    }

    /// As the store keeps it.
    var encoded: [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.value(self)
        return json.bytes
    }
}

extension JSONWriter {
    /// A text that is part of another.
    fileprivate mutating func member(_ name: String, _ text: Substring) { member(name, String(text)) }
}
