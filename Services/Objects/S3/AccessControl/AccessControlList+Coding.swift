import ServiceKit

/// The forms of a list: AWS's in requests and answers, and ours in the store.
extension AccessControlList {
    /// As requests have grants. Groups are named by address and users by canonical id.
    ///
    /// - Throws: `InvalidArgument`, `UnresolvableGrantByEmailAddress`, `MalformedACLError`.
    static func grants(_ json: [JSONValue]) throws -> [Grant] {
        if json.count > Limits.grants { throw ServiceError.malformedList }
        return try json.map { grant in
            guard let text = grant["Permission"]?.string, let right = Right(rawValue: text),
                let grantee = grant["Grantee"]
            else { throw ServiceError.malformedList }
            if let uri = grantee["URI"]?.string { return Grant(right, to: try Grantee(uri: uri)) }
            if let id = grantee["ID"]?.string { return Grant(right, to: try Grantee(id: id)) }
            guard let address = grantee["EmailAddress"]?.string else { throw ServiceError.malformedList }
            throw ServiceError.unresolvableGrant(address)
        }
    }

    /// The value of a column: the owner's account, and grants as AWS writes them.
    var encoded: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("Account", owner.account)
            json.member("Grants") { write(grantsTo: &$0, naming: []) }
        }
        return json.bytes
    }

    /// - Throws: `StorageError.corrupt`
    init(encoded json: JSONValue) throws {
        guard let account = json["Account"]?.string, let grants = json["Grants"]?.elements else {
            throw StorageError.corrupt(message: "access control list")
        }
        self.init(owner: CanonicalUser(account), grants: try Self.grants(Array(grants)))
    }

    init?(column: [UInt8]?) throws {
        guard let column else { return nil }
        try self.init(encoded: JSONDocument(column).root)
    }

    func write(grantsTo json: inout JSONWriter, naming known: [CanonicalUser]) {
        json.array { json in
            for grant in grants {
                json.object { json in
                    json.member("Grantee") { json in json.object { grant.grantee.write(to: &$0, naming: known) } }
                    json.member("Permission", grant.right.rawValue)
                }
            }
        }
    }
}

extension AccessControlList.Grantee {
    /// - Throws: `InvalidArgument`
    init(uri: String) throws {
        guard let group = AccessControlList.Group(rawValue: uri) else {
            throw ServiceError.invalidArgument("Invalid group uri", "uri", uri)
        }
        self = .group(group)
    }

    /// - Throws: `InvalidArgument` for what can be nobody's id.
    init(id: String) throws {
        let isHexadecimal = id.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard isHexadecimal, id.utf8.count == 64 || id.utf8.count == 32 else {
            throw ServiceError.invalidArgument("Invalid id", "CanonicalUser/ID", id)
        }
        self = .user(id)
    }

    fileprivate func write(to json: inout JSONWriter, naming known: [CanonicalUser]) {
        switch self {
        case .group(let group):
            json.member("Type", "Group")
            json.member("URI", group.rawValue)
        case .user(let id):
            if let user = known.first(where: { $0.id == id }) {
                user.write(to: &json)
            } else {
                json.member("ID", id)
            }
            json.member("Type", "CanonicalUser")
        }
    }
}

/// A list as `GetBucketAcl` and `GetObjectAcl` answer it.
struct AccessControlAnswer: OutputShape {
    let list: AccessControlList
    let bucketOwner: CanonicalUser

    func write(to json: inout JSONWriter) {
        json.member("Owner", list.owner)
        json.member("Grants") { list.write(grantsTo: &$0, naming: [list.owner, bucketOwner]) }
    }
}
