import AWSModel
import Bus

/// One operation with its types erased, as the dispatcher calls it.
final class OperationHandler: Sendable {
    let name: String
    let isBrief: @Sendable (_ body: [UInt8]) -> Bool
    /// How long it takes when it succeeds.
    let successes: LatencyHistogram
    /// Of its service.
    let observer: (any CallObserver)?
    /// What its service answers for a fault of ours.
    let failure: ServiceError
    let authority: CallAuthority
    let run: @Sendable (_ body: [UInt8], _ call: Call) async throws -> BusReply

    init(
        _ operation: some AWSOperation, of service: AWSService, authorizer: any Authorizer, log: Log,
        successes: LatencyHistogram
    ) {
        self.successes = successes
        observer = service.observer
        failure = service.errors.failure
        name = type(of: operation).name
        isBrief = { operation.isBrief($0) }
        let validator = InputValidator(service: service, operation: name)
        let authority = CallAuthority(authorizer, of: service, operation: name)
        self.authority = authority
        let (name, isInternal) = (name, service.isInternal)
        let isStreaming = type(of: operation).isStreaming
        run = { body, call in
            let value = try OperationHandler.decode(body)
            try validator.check(value)
            let input = try OperationHandler.read(value, for: operation, of: service)
            guard !isInternal || call.caller.kind == .service else {
                throw ServiceError.accessDenied(call, "\(service.name):\(name)", on: "*", in: service)
            }
            for permission in try await operation.permissions(for: input, in: call) where !isInternal {
                try await authority.require(permission, in: call)
            }
            let output = try await operation.perform(input, in: call)
            var json = JSONWriter()
            json.value(output)
            return BusReply(body: json.bytes, stream: isStreaming ? (output as? any StreamingOutput)?.body : nil)
        }
    }

    private static let emptyObject = Array("{}".utf8)

    private static func decode(_ body: [UInt8]) throws -> JSONValue {
        do {
            return try JSONDocument(body.isEmpty ? emptyObject : body).root
        } catch {
            throw ServiceError("SerializationException", "The request body is not valid JSON: \(error)")
        }
    }

    private static func read<Operation: AWSOperation>(
        _ value: JSONValue, for operation: Operation, of service: AWSService
    ) throws -> Operation.Input {
        do {
            return try Operation.Input(json: value)
        } catch let error as MemberError {
            throw ServiceError(error, in: service)
        }
    }
}

extension AWSOperation {
    /// Asked once: to look a conformance up takes as long as to read an item.
    fileprivate static var isStreaming: Bool { Output.self is any StreamingOutput.Type }
}

extension ServiceError {
    /// A fault of an input that the model's constraints did not already refuse.
    init(_ error: MemberError, in service: AWSService) {
        let member = error.path.joined(separator: ".")
        switch error.problem {
        case .missing:
            self.init(
                service.errors.validationCode,
                "1 validation error detected: Value null at '\(error.path.awsMemberPath)' failed to satisfy constraint: "
                    + "Member must not be null")
        case .wrongType(let found, let expected):
            self.init(
                "SerializationException", "Unexpected \(found.rawValue) for \(member), expected \(expected.rawValue)")
        case .invalid(let reason):
            self.init(service.errors.validationCode, "Invalid value at '\(error.path.awsMemberPath)': \(reason)")
        }
    }

    static func accessDenied(
        _ call: Call, _ action: String, on resource: String, because reason: String = "", in service: AWSService
    ) -> ServiceError {
        let target = resource == "*" ? "" : " on resource: \(resource)"
        let who = call.caller.kind == .anonymous ? "anonymous" : call.principal
        return ServiceError(
            service.errors.accessDeniedCode,
            "User: \(who) is not authorized to perform: \(action)\(target)\(reason)",
            status: service.errors.accessDeniedStatus)
    }
}

extension [String] {
    /// `["Tags", "1", "Key"]` as AWS prints it: `tags.1.member.key`.
    var awsMemberPath: String {
        map { part in
            Int(part) != nil ? "\(part).member" : part.prefix(1).lowercased() + part.dropFirst()
        }.joined(separator: ".")
    }
}
