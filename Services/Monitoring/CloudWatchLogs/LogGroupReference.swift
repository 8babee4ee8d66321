import ServiceKit

/// A log group as the reading operations name it: by name, or by name or ARN under another member.
struct LogGroupReference: Sendable {
    private let name: String?
    private let identifier: String?

    init(_ member: Members) throws {
        name = try member("logGroupName")
        identifier = try member("logGroupIdentifier")
    }

    /// - Throws: `InvalidParameterException` unless exactly one is given.
    func address(in call: Call) throws -> LogGroupAddress {
        switch (name, identifier) {
        case (let name?, nil): return LogGroupAddress(name, in: call)
        case (nil, let identifier?):
            guard identifier.hasPrefix("arn:") else { return LogGroupAddress(identifier, in: call) }
            guard let address = ARN(identifier).flatMap(LogGroupAddress.init) else {
                throw ServiceError.invalidParameter("Invalid log group identifier: \(identifier)")
            }
            return address
        case (nil, nil):
            throw ServiceError.invalidParameter("Either logGroupName or logGroupIdentifier must be specified.")
        default:
            throw ServiceError.invalidParameter("LogGroupName and LogGroupIdentifier cannot both be specified.")
        }
    }
}

/// A resource's ARN as the tagging operations take it.
struct LogGroupARN: MemberValue, Sendable {
    private let text: String

    init(json value: JSONValue) throws { text = try String(json: value) }

    func address() throws -> LogGroupAddress {
        guard let address = ARN(text).flatMap(LogGroupAddress.init) else {
            throw ServiceError.invalidParameter("\(text) is not a valid log group ARN.")
        }
        return address
    }
}

/// The input of operations that name a log group and nothing else.
struct LogGroupInput: InputShape {
    let name: String

    init(_ member: Members) throws { name = try member("logGroupName") }
}
