import ServiceKit

/// Which kind of identity an operation is about; the same operations exist for all three.
protocol IdentityScope: Sendable {
    static var kind: Identity.Kind { get }
}

enum OfUser: IdentityScope {
    static let kind = Identity.Kind.user
}
enum OfGroup: IdentityScope {
    static let kind = Identity.Kind.group
}
enum OfRole: IdentityScope {
    static let kind = Identity.Kind.role
}

extension IdentityScope {
    /// `UserName`
    static var nameMember: String { "\(kind.title)Name" }
}

/// `{"UserName": …}`
struct IdentityInput<Scope: IdentityScope>: InputShape {
    let name: String
    init(_ member: Members) throws { name = try member(Scope.nameMember) }
}

/// `{"UserName": …}` where the caller stands in for a missing name.
struct OptionalUserInput: InputShape {
    let name: String?
    init(_ member: Members) throws { name = try member("UserName") }

    func user(in call: Call) throws -> String { try UserName.resolve(name, in: call) }
}

/// `{"UserName": …, "PolicyName": …}`
struct InlinePolicyInput<Scope: IdentityScope>: InputShape {
    let name: String
    let policy: String

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        policy = try member("PolicyName")
    }
}

/// `{"UserName": …, "PolicyName": …, "PolicyDocument": …}`
struct PutPolicyInput<Scope: IdentityScope>: InputShape {
    let name: String
    let policy: String
    let document: String

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        policy = try member("PolicyName")
        document = try member("PolicyDocument")
    }
}

/// `{"UserName": …, "PolicyArn": …}`
struct AttachmentInput<Scope: IdentityScope>: InputShape {
    let name: String
    let policy: String

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        policy = try member("PolicyArn")
    }
}

/// `{"UserName": …, "PermissionsBoundary": …}`
struct BoundaryInput<Scope: IdentityScope>: InputShape {
    let name: String
    let boundary: String

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        boundary = try member("PermissionsBoundary")
    }
}

/// `{"UserName": …, "Tags": […]}`
struct TagInput<Scope: IdentityScope>: InputShape {
    let name: String
    let tags: [Tag]

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        tags = try member("Tags")
    }
}

/// `{"UserName": …, "TagKeys": […]}`
struct UntagInput<Scope: IdentityScope>: InputShape {
    let name: String
    let keys: [String]

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        keys = try member("TagKeys")
    }
}

/// `{"UserName": …, "Marker": …, "MaxItems": …}`
struct IdentityPageInput<Scope: IdentityScope>: InputShape {
    let name: String
    let page: PageInput

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        page = try PageInput(member)
    }
}

/// `{"UserName": …, "PathPrefix": …, "Marker": …, "MaxItems": …}`
struct IdentityPathPageInput<Scope: IdentityScope>: InputShape {
    let name: String
    let pathPrefix: String
    let page: PageInput

    init(_ member: Members) throws {
        name = try member(Scope.nameMember)
        pathPrefix = try member("PathPrefix") ?? "/"
        page = try PageInput(member)
    }
}

/// `{"PathPrefix": …, "Marker": …, "MaxItems": …}`
struct PathPageInput: InputShape {
    let pathPrefix: String
    let page: PageInput

    init(_ member: Members) throws {
        pathPrefix = try member("PathPrefix") ?? "/"
        page = try PageInput(member)
    }
}
