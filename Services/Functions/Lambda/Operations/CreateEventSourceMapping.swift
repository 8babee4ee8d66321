import ServiceKit

/// Has a function read a queue or a stream.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html)
struct CreateEventSourceMapping: AWSOperation {
    struct Input: InputShape {
        let eventSourceArn: ARN?
        let functionName: FunctionName
        let enabled: Bool?
        let startingPosition: String?
        let settings: MappingSettings

        init(_ member: Members) throws {
            eventSourceArn = try member("EventSourceArn")
            functionName = try member("FunctionName")
            enabled = try member("Enabled")
            startingPosition = try member("StartingPosition")
            settings = try MappingSettings(member)
        }
    }

    let store: LambdaStore
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let function = input.functionName.key(in: call).arn.description
        return [Permission(on: "*", context: ["lambda:FunctionArn": [function]])]
    }

    func perform(_ input: Input, in call: Call) async throws -> EventSourceMapping {
        guard let source = input.eventSourceArn else { throw ServiceError.invalid("EventSourceArn cannot be null.") }
        guard let kind = EventSourceMapping.kind(of: source) else {
            throw ServiceError.invalid("Unrecognized event source. Apus reads SQS queues and DynamoDB streams.")
        }
        if kind == .tableStream, input.startingPosition == nil {
            throw ServiceError.invalid(
                "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: "
                    + "Member must not be null."
            )
        }
        let function = try await store.resolve(input.functionName, nil, in: call)
        var settings = input.settings
        settings.addDefaults(for: kind)
        try settings.validate(for: kind)
        try await requireAccess(to: source, kind, as: function.version.role)
        var mapping = EventSourceMapping(
            id: Identifier.uuid(), source: source, functionARN: function.arn.description, settings: settings,
            isEnabled: input.enabled ?? true, startingPosition: input.startingPosition, at: call.now)
        try await store.write { [mapping] transaction in
            let key = mapping.functionKey
            let same = try transaction.mappings(
                account: key.account, region: key.region, function: mapping.functionARN, source: source.description,
                after: "", limit: 1)
            if let first = same.first { throw ServiceError.mappingExists(first.id) }
            try transaction.put(mapping)
        }
        mapping.transition = "Creating"
        return mapping
    }

    /// AWS looks whether the function's role can read the source, before it makes a mapping that could not work.
    private func requireAccess(to source: ARN, _ kind: EventSourceMapping.Source, as role: String) async throws {
        var options = ServiceClient.Options()
        options.region = source.region
        options.isIdempotent = true
        let caller = Caller.role(role, session: "mapping")
        do {
            switch kind {
            case .queue:
                _ = try await client.call("sqs", "GetQueueAttributes", as: caller, options: options) { json in
                    json.member("QueueUrl", QueueAddress(source).url)
                }
            case .tableStream:
                _ = try await client.call("dynamodbstreams", "DescribeStream", as: caller, options: options) { json in
                    json.member("StreamArn", source)
                }
            }
        } catch let error as ServiceError where error.code.hasPrefix("AccessDenied") {
            let (action, service) = kind == .queue ? ("ReceiveMessage", "SQS") : ("GetRecords", "DynamoDB Streams")
            throw ServiceError.invalid(
                "The provided execution role does not have permissions to call \(action) on \(service)")
        } catch let error as ServiceError where !error.isTransient {
            throw ServiceError.invalid("The event source cannot be read: \(error.code): \(error.message)")
        }
    }
}
