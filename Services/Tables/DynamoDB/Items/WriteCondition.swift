import ServiceKit

/// What must hold for PutItem and DeleteItem to write: `ConditionExpression`, or the older `Expected`.
struct WriteCondition: Sendable {
    private let expression: String?
    private let attributes: ExpressionAttributes
    private let legacy: LegacyCondition

    init(_ member: Members) throws {
        expression = try member("ConditionExpression")
        attributes = try ExpressionAttributes(member, tellsKeys: false)
        legacy = try LegacyCondition(member)
    }

    func compile(_ cache: ExpressionCache) throws(ServiceError) -> Condition? {
        var compiler = try ExpressionCompiler(attributes, cache)
        let expected = try legacy.condition()
        let condition = try compiler.condition(expression)
        try compiler.finish(.condition)
        return condition ?? expected
    }
}
