import ServiceKit

/// Says how often, how long and with which destinations asynchronous invocations are tried.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html)
struct PutFunctionEventInvokeConfig: AWSOperation {
    let store: LambdaStore

    func permissions(for input: EventConfigurationInput, in call: Call) -> [Permission] {
        [Permission(on: input.name.functionName.key(in: call).arn)]
    }

    func perform(_ input: EventConfigurationInput, in call: Call) async throws -> EventConfiguration {
        try await store.change(input.name, in: call) { fresh, _ in
            fresh.retryAttempts = input.maximumRetryAttempts ?? fresh.retryAttempts
            fresh.maximumAgeSeconds = input.maximumEventAge ?? fresh.maximumAgeSeconds
            fresh.destinations = input.destinations
            return fresh
        }
    }
}

/// The input of operations that set an event configuration.
struct EventConfigurationInput: InputShape {
    let name: QualifiedName
    let maximumRetryAttempts: Int?
    let maximumEventAge: Int?
    let destinations: Destinations?

    init(_ member: Members) throws {
        name = try QualifiedName(member)
        maximumRetryAttempts = try member("MaximumRetryAttempts")
        maximumEventAge = try member("MaximumEventAgeInSeconds")
        destinations = try member("DestinationConfig")
    }
}

extension LambdaStore {
    /// Stores what `body` makes of a fresh configuration and the one that is there.
    func change(
        _ name: QualifiedName, in call: Call,
        _ body:
            @escaping @Sendable (_ fresh: inout EventConfiguration, _ present: EventConfiguration?) throws
            -> EventConfiguration
    ) async throws -> EventConfiguration {
        let function = try await resolve(name.functionName, name.qualifier, in: call)
        let key = function.version.key
        let qualifier = function.qualifier ?? FunctionVersion.latest
        return try await write { transaction in
            var fresh = EventConfiguration(functionARN: key.arn(qualifier).description, at: call.now)
            var changed = try body(&fresh, transaction.eventConfiguration(of: key, qualifier: qualifier))
            changed.lastModified = call.now
            try transaction.put(changed, of: key, qualifier: qualifier)
            return changed
        }
    }
}
