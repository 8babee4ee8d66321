import ServiceKit

/// A name for a version, or for two of them by weight: the API's `AliasConfiguration`.
struct Alias: Sendable, OutputShape, InputShape {
    let key: FunctionKey
    let name: String
    var version: String
    var description: String
    /// The second version and its share of invocations, 0…1.
    var routing: RoutingConfiguration?
    var revisionID: String

    init(
        key: FunctionKey, name: String, version: String, description: String, routing: RoutingConfiguration?,
        revisionID: String
    ) {
        (self.key, self.name, self.version) = (key, name, version)
        (self.description, self.routing, self.revisionID) = (description, routing, revisionID)
    }

    init(_ member: Members) throws {
        guard let named = FunctionName(try member("AliasArn")), let account = named.account, let region = named.region
        else { throw MemberError.invalid("AliasArn") }
        key = FunctionKey(account: account, region: region, name: named.name)
        name = try member("Name")
        version = try member("FunctionVersion")
        description = try member("Description") ?? ""
        routing = try member("RoutingConfig")
        revisionID = try member("RevisionId")
    }

    func write(to json: inout JSONWriter) {
        json.member("AliasArn", key.arn(name))
        json.member("Name", name)
        json.member("FunctionVersion", version)
        json.member("Description", description)
        json.member("RoutingConfig", routing)
        json.member("RevisionId", revisionID)
    }

    var encoded: [UInt8] {
        var json = JSONWriter()
        json.value(self)
        return json.bytes
    }

    /// The version for one invocation. - Parameter draw: a random number, 0..<1.
    func version(draw: Double) -> String {
        var bound = 0.0
        for (version, weight) in (routing?.weights ?? [:]).sorted(by: { $0.key < $1.key }) {
            bound += weight
            if draw < bound { return version }
        }
        return version
    }
}

struct RoutingConfiguration: InputShape, OutputShape, Sendable {
    let weights: [String: Double]

    init(_ member: Members) throws { weights = try member("AdditionalVersionWeights") ?? [:] }
    func write(to json: inout JSONWriter) { json.member("AdditionalVersionWeights", weights) }

    func validated() throws -> RoutingConfiguration? {
        guard weights.count <= 1 else { throw ServiceError.invalid("Only one additional version may be specified.") }
        guard weights.values.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw ServiceError.invalid("Weights must be between 0.0 and 1.0.")
        }
        return weights.isEmpty ? nil : self
    }
}
