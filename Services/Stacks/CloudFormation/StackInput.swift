import ServiceKit

/// Input of operations that take a stack's name, or its ID, and a page.
struct StackInput: InputShape {
    let stackName: String
    let token: String?

    init(_ member: Members) throws {
        stackName = try member("StackName")
        token = try member("NextToken")
    }
}

extension StackStore {
    /// How many entries lists have on a page.
    static let pageSize = 100

    /// The permission on a stack by its name, or its ID: on its ARN, as far as that is known.
    ///
    /// - Parameter context: further condition keys of the request.
    func permission(
        _ action: String? = nil, on name: String, in call: Call, context: [String: [String]] = [:]
    ) async throws -> Permission {
        guard let stack = try await read({ try $0.stack(name, at: Place(call)) }) else {
            let resource = StackName.resource(name, in: call)
            return Permission(action, on: resource, owner: ARN(resource)?.account ?? call.account, context: context)
        }
        let tags = stack.definition.tags.map { ("aws:ResourceTag/\($0.key)", [$0.value]) }
        return Permission(
            action, on: stack.id, owner: stack.place.account,
            context: context.merging(tags, uniquingKeysWith: { asked, _ in asked }))
    }

    /// On a stack, and on the role it is to be worked on in.
    func permissions(on name: String, role: String?, in call: Call) async throws -> [Permission] {
        let context = role.map { ["cloudformation:RoleArn": [$0]] } ?? [:]
        return [try await permission(on: name, in: call, context: context)]
            + (role.map { [Permission(passing: $0)] } ?? [])
    }

    /// A page of a list that is there as a whole.
    func page<Element>(
        of all: [Element], _ token: String?, scope: String, name: (Element) -> String
    ) throws -> Page<Element> {
        let start = try pages.start(token, scope: scope)
        let rest = start.isEmpty ? all[...] : all.drop { name($0) != start }.dropFirst()
        return pages.page(of: Array(rest.prefix(Self.pageSize + 1)), limit: Self.pageSize, scope: scope, position: name)
    }
}

extension StackSnapshot {
    /// - Throws: `ValidationError`: `Stack with id X does not exist`.
    func describedStack(_ name: String, at place: Place) throws -> Stack {
        guard let stack = try stack(name, at: place) else { throw ServiceError.stackMissing(name) }
        return stack
    }

    /// - Throws: `ValidationError`: `Stack [X] does not exist`.
    func namedStack(_ name: String, at place: Place) throws -> Stack {
        guard let stack = try stack(name, at: place) else { throw ServiceError.stackNameMissing(name) }
        return stack
    }
}

extension StackSnapshot {
    /// - Throws: `ValidationError`, also for a stack that was deleted.
    func livingStack(_ name: String, at place: Place) throws -> Stack {
        let stack = try namedStack(name, at: place)
        guard stack.deleted == nil else { throw ServiceError.stackNameMissing(name) }
        return stack
    }
}

extension Permission {
    /// To let CloudFormation work in a role.
    init(passing role: String) {
        self.init(
            "iam:PassRole", on: role, owner: ARN(role)?.account,
            context: ["iam:PassedToService": [ServiceCalls.principal]])
    }
}
