import ServiceKit

/// How asynchronous invocations are retried, and where they go at their end: the API's `FunctionEventInvokeConfig`.
struct EventConfiguration: Sendable, InputShape, OutputShape {
    var functionARN: String
    var retryAttempts: Int
    var maximumAgeSeconds: Int
    var destinations: Destinations?
    var lastModified: Timestamp

    /// What applies where nothing was configured.
    static let defaultRetryAttempts = 2
    static let defaultMaximumAgeSeconds = 21_600

    init(functionARN: String, at now: Timestamp) {
        self.functionARN = functionARN
        (retryAttempts, maximumAgeSeconds) = (Self.defaultRetryAttempts, Self.defaultMaximumAgeSeconds)
        lastModified = now
    }

    init(_ member: Members) throws {
        functionARN = try member("FunctionArn")
        retryAttempts = try member("MaximumRetryAttempts") ?? Self.defaultRetryAttempts
        maximumAgeSeconds = try member("MaximumEventAgeInSeconds") ?? Self.defaultMaximumAgeSeconds
        destinations = try member("DestinationConfig")
        lastModified = try member("LastModified") ?? Timestamp(seconds: 0)
    }

    func write(to json: inout JSONWriter) {
        json.member("LastModified", lastModified)
        json.member("FunctionArn", functionARN)
        json.member("MaximumRetryAttempts", retryAttempts)
        json.member("MaximumEventAgeInSeconds", maximumAgeSeconds)
        json.member("DestinationConfig", destinations)
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }
}

/// Where the record of an invocation goes, by how it ended: ARNs of queues, topics or functions.
struct Destinations: Sendable, InputShape, OutputShape {
    struct Target: Sendable, InputShape, OutputShape {
        let destination: String?
        init(_ member: Members) throws { destination = try member("Destination") }
        func write(to json: inout JSONWriter) { json.member("Destination", destination) }
    }

    let onSuccess: Target?
    let onFailure: Target?

    init(_ member: Members) throws {
        onSuccess = try member("OnSuccess")
        onFailure = try member("OnFailure")
    }

    func write(to json: inout JSONWriter) {
        json.member("OnSuccess", onSuccess)
        json.member("OnFailure", onFailure)
    }
}
