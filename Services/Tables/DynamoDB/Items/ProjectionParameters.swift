import ServiceKit

/// `ProjectionExpression` with its names, or the older `AttributesToGet`.
struct ProjectionParameters: Sendable {
    let expression: String?
    let attributesToGet: [String]?
    let attributes: ExpressionAttributes

    /// Everything.
    init() {
        expression = nil
        attributesToGet = nil
        attributes = ExpressionAttributes()
    }

    init(_ member: Members) throws {
        expression = try member("ProjectionExpression")
        attributesToGet = try member("AttributesToGet")
        attributes = try ExpressionAttributes(member, takesValues: false)
    }

    /// For an operation that has no other expression.
    func compile(_ cache: ExpressionCache) throws(ServiceError) -> Projection? {
        var compiler = try ExpressionCompiler(attributes, cache)
        let legacy = try legacyProjection()
        let projection = try compiler.projection(expression)
        try compiler.finish()
        return projection ?? legacy
    }

    func legacyProjection() throws(ServiceError) -> Projection? {
        guard let attributesToGet else { return nil }
        guard !attributesToGet.isEmpty else { return nil }
        var seen: Set<String> = []
        for name in attributesToGet {
            guard !name.isEmpty else { throw .emptyAttributeName }
            guard seen.insert(name).inserted else {
                throw .invalidParameter("Duplicate value in attribute name: \(name)")
            }
        }
        return Projection(names: attributesToGet.map { Text($0) })
    }
}
