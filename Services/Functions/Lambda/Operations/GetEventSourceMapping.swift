import ServiceKit

/// Describes a mapping.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html)
struct GetEventSourceMapping: AWSOperation {
    let store: LambdaStore

    func permissions(for input: MappingID, in call: Call) -> [Permission] { [input.permission(in: call)] }

    func perform(_ input: MappingID, in call: Call) async throws -> EventSourceMapping {
        try await store.read { try $0.mapping(input, in: call) }
    }
}

/// The input of operations on one mapping.
struct MappingID: InputShape {
    let uuid: String

    init(_ member: Members) throws { uuid = try member("UUID") }

    func permission(in call: Call) -> Permission {
        Permission(on: ARN("lambda", region: call.region, account: call.account, "event-source-mapping:\(uuid)"))
    }
}

extension Snapshot {
    /// - Throws: `ResourceNotFoundException`, also for a mapping of another account or region.
    func mapping(_ input: MappingID, in call: Call) throws -> EventSourceMapping {
        guard let mapping = try mapping(input.uuid), mapping.functionKey.account == call.account,
            mapping.functionKey.region == call.region
        else { throw ServiceError.mappingNotFound }
        return mapping
    }
}
