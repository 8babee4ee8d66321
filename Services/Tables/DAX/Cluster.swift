import ServiceKit

/// A cluster: a name for how long tables' reads are cached, with all that AWS's clusters have besides.
struct Cluster: NamedResource {
    struct Node: Sendable, Hashable {
        let id: String
        let createdAt: Timestamp
        let availabilityZone: String
    }

    struct Topic: Sendable, Hashable {
        var arn: String
        var isActive: Bool
    }

    static let kind = "cluster"
    /// One primary and ten read replicas.
    static let nodeLimit = 11
    static let accountNodeLimit = 50

    let name: String
    var description: String?
    let nodeType: String
    var nodes: [Node] = []
    let roleARN: String
    /// `nil`: the default one.
    let subnetGroup: String?
    var securityGroups: [String]
    var maintenanceWindow: String
    var topic: Topic?
    var parameterGroup: String
    let isEncrypted: Bool
    let endpointEncryption: String
    let networkType: String
    var tags: [String: String]

    func arn(at place: Place) -> ARN { Self.arn(name, at: place) }

    static func arn(_ name: String, at place: Place) -> ARN {
        ARN("dax", region: place.region, account: place.account, "cache/\(name.lowercased())")
    }

    /// - Throws: `InvalidParameterValueException` in AWS's words.
    static func validate(name: String) throws(ServiceError) {
        guard name.utf8.count <= 20, ResourceName.isValid(name) else {
            throw .invalidParameterValue(
                "Cluster ID specified is not a valid identifier. Identifiers must begin with a letter; must contain "
                    + "only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
                    + "consecutive hyphens.")
        }
    }

    // MARK: Nodes

    /// Adds nodes until there are `count`, and answers the new ones.
    ///
    /// - Parameter zones: theirs; `nil` for those of the region in turn.
    mutating func grow(to count: Int, in zones: [String]?, region: String, at now: Timestamp) -> [Node] {
        var added: [Node] = []
        for number in 0..<max(0, count - nodes.count) {
            let zone = zones.map { $0[number] } ?? region + Self.letters[(nodes.count) % 3]
            let node = Node(id: freeNodeID, createdAt: now, availabilityZone: zone)
            nodes.append(node)
            added.append(node)
        }
        return added
    }

    private static let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }

    /// `name-a`, `name-b` …
    private var freeNodeID: String {
        let used = Set(nodes.map(\.id))
        return Self.letters.lazy.map { "\(name)-\($0)" }.first { !used.contains($0) } ?? "\(name)-\(nodes.count)"
    }
}

/// The rule for names of clusters and groups.
enum ResourceName {
    /// It begins with a letter, and has letters, digits and single hyphens, none at the end.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.first, first.isASCII, first.isLetter else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") } && name.last != "-"
            && !name.contains("--")
    }
}

/// The form a cluster has in the storage.
extension Cluster {
    init(_ member: Members) throws {
        name = try member("name")
        description = try member("description")
        nodeType = try member("nodeType")
        nodes = try member("nodes")
        roleARN = try member("role")
        subnetGroup = try member("subnetGroup")
        securityGroups = try member("securityGroups")
        maintenanceWindow = try member("maintenanceWindow")
        topic = try member("topic")
        parameterGroup = try member("parameterGroup")
        isEncrypted = try member("encrypted")
        endpointEncryption = try member("endpointEncryption")
        networkType = try member("networkType")
        tags = try member("tags")
    }

    func write(to json: inout JSONWriter) {
        json.member("name", name)
        json.member("description", description)
        json.member("nodeType", nodeType)
        json.member("nodes", nodes)
        json.member("role", roleARN)
        json.member("subnetGroup", subnetGroup)
        json.member("securityGroups", securityGroups)
        json.member("maintenanceWindow", maintenanceWindow)
        json.member("topic", topic)
        json.member("parameterGroup", parameterGroup)
        json.member("encrypted", isEncrypted)
        json.member("endpointEncryption", endpointEncryption)
        json.member("networkType", networkType)
        json.member("tags", tags)
    }
}

extension Cluster.Node: InputShape, OutputShape {
    init(_ member: Members) throws {
        id = try member("id")
        createdAt = try member("createdAt")
        availabilityZone = try member("zone")
    }

    func write(to json: inout JSONWriter) {
        json.member("id", id)
        json.member("createdAt", createdAt)
        json.member("zone", availabilityZone)
    }
}

extension Cluster.Topic: InputShape, OutputShape {
    init(_ member: Members) throws {
        arn = try member("arn")
        isActive = try member("active")
    }

    func write(to json: inout JSONWriter) {
        json.member("arn", arn)
        json.member("active", isActive)
    }
}
