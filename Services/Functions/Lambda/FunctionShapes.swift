import ServiceKit

// The small structures of a function's configuration, read and written under AWS's names.

struct EphemeralStorage: InputShape, OutputShape {
    let size: Int

    init(_ size: Int) { self.size = size }
    init(_ member: Members) throws { size = try member("Size") }
    func write(to json: inout JSONWriter) { json.member("Size", size) }
}

struct EnvironmentVariables: InputShape, OutputShape {
    let variables: [String: String]?

    init(_ variables: [String: String]) { self.variables = variables }
    init(_ member: Members) throws { variables = try member("Variables") }
    func write(to json: inout JSONWriter) { json.member("Variables", variables) }

    /// What Lambda sets itself and lets nobody change.
    private static let reserved: Set<String> = [
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    ]
    private static let limit = 4096
    private static let refusal =
        "Lambda was unable to configure your environment variables because the environment variables you have provided "

    /// - Throws: AWS's refusals of reserved names and of more than 4 KiB.
    func validated() throws -> [String: String]? {
        guard let variables else { return nil }
        let taken = variables.keys.filter(Self.reserved.contains).sorted()
        guard taken.isEmpty else {
            throw ServiceError.invalid(
                Self.refusal + "contains reserved keys that are currently not supported for modification. "
                    + "Reserved keys used in this request: \(taken.joined(separator: ", "))")
        }
        var json = JSONWriter()
        json.value(variables)
        guard json.bytes.count <= Self.limit else {
            throw ServiceError.invalid(
                Self.refusal + "exceeded the 4KB limit. String measured: \(String(decoding: json.bytes, as: UTF8.self))"
            )
        }
        return variables
    }
}

struct DeadLetterConfiguration: InputShape, OutputShape {
    let targetArn: String?

    init(_ target: String) { targetArn = target }
    init(_ member: Members) throws { targetArn = try member("TargetArn") }
    func write(to json: inout JSONWriter) { json.member("TargetArn", targetArn) }
}

struct TracingConfiguration: InputShape, OutputShape {
    let mode: String?

    init(_ mode: String) { self.mode = mode }
    init(_ member: Members) throws { mode = try member("Mode") }
    func write(to json: inout JSONWriter) { json.member("Mode", mode) }
}

struct LayerReference: InputShape, OutputShape {
    let arn: String
    let codeSize: Int

    init(arn: String, codeSize: Int) { (self.arn, self.codeSize) = (arn, codeSize) }

    init(_ member: Members) throws {
        arn = try member("Arn")
        codeSize = try member("CodeSize") ?? 0
    }

    func write(to json: inout JSONWriter) {
        json.member("Arn", arn)
        json.member("CodeSize", codeSize)
    }
}

struct LoggingConfiguration: InputShape, OutputShape {
    let format: String
    let applicationLevel: String?
    let systemLevel: String?
    let group: String?

    /// What a function has that says nothing.
    init(of function: String) {
        (format, applicationLevel, systemLevel) = ("Text", nil, nil)
        group = "/aws/lambda/\(function)"
    }

    init(_ member: Members) throws {
        format = try member("LogFormat") ?? "Text"
        applicationLevel = try member("ApplicationLogLevel")
        systemLevel = try member("SystemLogLevel")
        group = try member("LogGroup")
    }

    func write(to json: inout JSONWriter) {
        json.member("LogFormat", format)
        json.member("ApplicationLogLevel", applicationLevel)
        json.member("SystemLogLevel", systemLevel)
        json.member("LogGroup", group)
    }
}
