import ServiceKit
import TemplateLanguage

/// What roles, users and groups have in common: a name, policies of their own and policies attached.
struct IAMEntity: Sendable {
    enum Kind: String, Sendable {
        case role = "Role"
        case user = "User"
        case group = "Group"

        /// The list that policies name their entities in.
        var list: String { rawValue + "s" }
    }

    static let missing = "NoSuchEntity"
    static let exists = "EntityAlreadyExists"

    let kind: Kind
    let name: String
    let context: ResourceContext

    private func call(
        _ operation: String, ifThere code: String = missing, _ body: (inout JSONWriter) -> Void = { _ in }
    ) async throws {
        try await context.call("iam", operation, ifThere: code) { json in
            json.member("\(kind.rawValue)Name", name)
            body(&json)
        }
    }

    // MARK: The entity

    func describe() async throws -> JSONValue? {
        try await context.call("iam", "Get\(kind.rawValue)", ifThere: Self.missing) {
            $0.member("\(kind.rawValue)Name", name)
        }?[kind.rawValue]
    }

    func make(_ body: (inout JSONWriter) -> Void) async throws {
        try await context.make("iam", "Create\(kind.rawValue)", unless: Self.exists) { json in
            json.member("\(kind.rawValue)Name", name)
            body(&json)
        }
    }

    /// Changes the entity itself; it has to be there.
    func change(_ operation: String, _ body: (inout JSONWriter) -> Void) async throws {
        try await context.call("iam", operation) { json in
            json.member("\(kind.rawValue)Name", name)
            body(&json)
        }
    }

    func delete(_ properties: TemplateMap) async throws {
        try await changePolicies(from: properties, to: TemplateMap())
        try await call("Delete\(kind.rawValue)")
    }

    /// - Throws: `NoSuchEntity`
    func resource() async throws -> PhysicalResource {
        guard let found = try await found() else {
            throw ServiceError(Self.missing, "The \(kind.rawValue) with name \(name) cannot be found.", status: 404)
        }
        return found
    }

    func found() async throws -> PhysicalResource? {
        guard let entity = try await describe() else { return nil }
        var attributes = ["Arn": TemplateValue.string(entity["Arn"]?.string ?? "")]
        if kind == .role { attributes["RoleId"] = .string(entity["RoleId"]?.string ?? "") }
        return PhysicalResource(name, attributes: attributes)
    }

    // MARK: Policies

    /// Takes away what the new properties no longer have, then puts what they have otherwise.
    func changePolicies(from old: TemplateMap, to new: TemplateMap) async throws {
        let (before, after) = (Self.inline(old), Self.inline(new))
        for name in before.keys.sorted() where after[name] == nil { try await remove(policy: name) }
        for (name, document) in after.sorted(by: { $0.key < $1.key }) where before[name] != document {
            try await put(policy: name, document)
        }
        let (attached, wanted) = (old.texts("ManagedPolicyArns"), new.texts("ManagedPolicyArns"))
        for arn in attached where !wanted.contains(arn) { try await detach(arn) }
        for arn in wanted where !attached.contains(arn) { try await attach(arn) }
    }

    func put(policy: String, _ document: TemplateValue) async throws {
        try await change("Put\(kind.rawValue)Policy") { json in
            json.member("PolicyName", policy)
            json.member("PolicyDocument", document.document)
        }
    }

    func remove(policy: String) async throws {
        try await call("Delete\(kind.rawValue)Policy") { $0.member("PolicyName", policy) }
    }

    func has(policy: String) async throws -> Bool {
        try await context.call("iam", "Get\(kind.rawValue)Policy", ifThere: Self.missing) { json in
            json.member("\(kind.rawValue)Name", name)
            json.member("PolicyName", policy)
        } != nil
    }

    func attach(_ arn: String) async throws {
        try await change("Attach\(kind.rawValue)Policy") { $0.member("PolicyArn", arn) }
    }

    func detach(_ arn: String) async throws {
        try await call("Detach\(kind.rawValue)Policy") { $0.member("PolicyArn", arn) }
    }

    private static func inline(_ properties: TemplateMap) -> [String: TemplateValue] {
        Dictionary(
            properties.maps("Policies").map { ($0.text("PolicyName") ?? "", $0["PolicyDocument"] ?? .null) },
            uniquingKeysWith: { $1 })
    }

    // MARK: Boundary and tags

    func changeBoundary(from old: TemplateMap, to new: TemplateMap) async throws {
        guard old["PermissionsBoundary"] != new["PermissionsBoundary"] else { return }
        guard let boundary = new["PermissionsBoundary"] else {
            return try await call("Delete\(kind.rawValue)PermissionsBoundary")
        }
        try await change("Put\(kind.rawValue)PermissionsBoundary") { $0.member("PermissionsBoundary", boundary) }
    }

    func changeTags(from old: TemplateMap, to new: TemplateMap) async throws {
        let (set, removed) = old.tagChange(to: new)
        if let set { try await change("Tag\(kind.rawValue)") { $0.member("Tags", set) } }
        if let removed { try await change("Untag\(kind.rawValue)") { $0.member("TagKeys", removed) } }
    }
}
