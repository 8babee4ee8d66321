import ServiceKit

/// Ends a mapping.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html)
struct DeleteEventSourceMapping: AWSOperation {
    let store: LambdaStore

    func permissions(for input: MappingID, in call: Call) -> [Permission] { [input.permission(in: call)] }

    func perform(_ input: MappingID, in call: Call) async throws -> EventSourceMapping {
        var deleted = try await store.write { transaction in
            let mapping = try transaction.mapping(input, in: call)
            try transaction.deleteMapping(mapping.id)
            return mapping
        }
        deleted.transition = "Deleting"
        return deleted
    }
}
