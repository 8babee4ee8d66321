import JSON

/// A service's operations and shapes, immutable after loading.
///
/// Shapes refer to each other by `ShapeID`, so that recursive ones are values too.
public final class ServiceModel: Sendable {
    public let metadata: ServiceMetadata
    /// By name.
    public let operations: [String: OperationModel]
    public let shapes: [Shape]
    private let shapeIDs: [String: ShapeID]

    /// The model's file name: `dynamodb`.
    public var service: String { metadata.service }

    /// Reads a model in the form that `scripts/vendor-models` writes.
    ///
    /// - Throws: `ModelError` where a reference leads nowhere or a kind is unknown, `JSONError` for anything but JSON.
    public init(service: String, _ text: [UInt8]) throws {
        let root = try JSONDocument(text).root
        guard let metadata = root["metadata"], let operations = root["operations"], let shapes = root["shapes"] else {
            throw ModelError(model: service, problem: "metadata, operations or shapes are missing")
        }
        let reader = ModelReader(model: service, shapes: shapes)
        self.metadata = ServiceMetadata(service: service, json: metadata)
        self.shapes = try shapes.members.map { try reader.shape(named: $0.name, $0.value) }
        self.operations = try Dictionary(
            uniqueKeysWithValues: operations.members.map {
                ($0.name, try OperationModel(named: $0.name, $0.value, by: reader))
            })
        shapeIDs = reader.ids
    }

    public subscript(id: ShapeID) -> Shape { shapes[id.index] }

    public func shape(named name: String) -> ShapeID? { shapeIDs[name] }
}

/// A model file that is not what it should be.
public struct ModelError: Error, CustomStringConvertible {
    public let model: String
    public let problem: String
    public var description: String { "service model \(model): \(problem)" }
}
