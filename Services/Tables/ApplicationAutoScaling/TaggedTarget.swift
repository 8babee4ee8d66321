import ServiceKit

/// How the operations on tags name a target: by ARN.
struct TaggedTarget: MemberValue, Sendable {
    let arn: String

    init(json value: JSONValue) throws { arn = try String(json: value) }

    var permission: Permission { Permission(on: arn, owner: ARN(arn)?.account) }

    /// - Throws: `ResourceNotFoundException`
    func target(in snapshot: Snapshot, _ call: Call) throws -> ScalableTarget {
        let targets = try snapshot.parts(ScalableTarget.self, at: Place(call), PartFilter(), limit: .max)
        guard let target = targets.first(where: { $0.arn.description == arn }) else {
            throw ServiceError.noResource(arn)
        }
        return target
    }
}
