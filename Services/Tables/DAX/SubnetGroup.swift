import ServiceKit

/// A named set of subnets. There are no networks of one's own here: it is kept and answered for the templates that
/// have one.
struct SubnetGroup: NamedResource {
    static let kind = "subnet-group"
    static let limit = 50
    static let subnetLimit = 20
    /// Where clusters are that name none.
    static let defaultName = "default"

    let name: String
    var description: String?
    private(set) var subnets: [String]

    init(name: String, description: String?, subnets: [String]) throws(ServiceError) {
        self.name = name
        self.description = description
        self.subnets = []
        try set(subnets)
    }

    /// - Throws: `InvalidSubnet`, `SubnetQuotaExceededFault`
    mutating func set(_ subnets: [String]) throws(ServiceError) {
        guard subnets.count <= Self.subnetLimit else { throw .tooManySubnets(Self.subnetLimit) }
        guard !subnets.isEmpty else { throw .invalidParameterValue("At least one subnet ID is needed.") }
        for id in subnets where !id.hasPrefix("subnet-") || id.utf8.count > 255 { throw .invalidSubnet(id) }
        self.subnets = subnets
    }
}

/// The form a group has in the storage.
extension SubnetGroup {
    init(_ member: Members) throws {
        name = try member("name")
        description = try member("description")
        subnets = try member("subnets")
    }

    func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("description", description)
        json.member("subnets", subnets)
    }
}

/// What operations answer of a group.
struct SubnetGroupDescription: Sendable, OutputShape {
    private struct Subnet: OutputShape {
        let id: String
        func write(to json: inout JSONWriter) { json.member("SubnetIdentifier", id) }
    }

    let group: SubnetGroup

    func write(to json: inout JSONWriter) {
        json.member("SubnetGroupName", group.name)
        json.member("Description", group.description)
        json.member("Subnets", group.subnets.map(Subnet.init))
    }
}

struct SubnetGroupOutput: OutputShape {
    let group: SubnetGroup

    func write(to json: inout JSONWriter) { json.member("SubnetGroup", SubnetGroupDescription(group: group)) }
}
