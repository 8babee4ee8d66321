import ServiceKit

/// Changes a mapping's settings, function or state.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html)
struct UpdateEventSourceMapping: AWSOperation {
    struct Input: InputShape {
        let id: MappingID
        let functionName: FunctionName?
        let enabled: Bool?
        let settings: MappingSettings

        init(_ member: Members) throws {
            id = try MappingID(member)
            functionName = try member("FunctionName")
            enabled = try member("Enabled")
            settings = try MappingSettings(member)
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [input.id.permission(in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> EventSourceMapping {
        var function: String?
        if let name = input.functionName {
            function = try await store.resolve(name, nil, in: call).arn.description
        }
        var updated = try await store.write { [function] transaction in
            var mapping = try transaction.mapping(input.id, in: call)
            mapping.functionARN = function ?? mapping.functionARN
            mapping.isEnabled = input.enabled ?? mapping.isEnabled
            mapping.settings.merge(input.settings)
            if let kind = mapping.kind { try mapping.settings.validate(for: kind) }
            mapping.lastModified = call.now
            try transaction.put(mapping)
            return mapping
        }
        updated.transition = "Updating"
        return updated
    }
}
