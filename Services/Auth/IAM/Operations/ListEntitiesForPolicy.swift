import ServiceKit

/// Lists what a managed policy is attached to.
///
/// [API reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html)
struct ListEntitiesForPolicy: AWSOperation {
    struct Input: InputShape {
        let arn: String
        let filter: String?
        let pathPrefix: String
        let usage: String?
        let page: PageInput

        init(_ member: Members) throws {
            arn = try member("PolicyArn")
            filter = try member("EntityFilter")
            pathPrefix = try member("PathPrefix") ?? "/"
            usage = try member("PolicyUsageFilter")
            page = try PageInput(member)
        }
    }

    struct Output: OutputShape {
        let page: Page<Entity>

        func write(to json: inout JSONWriter) {
            for kind in [Identity.Kind.group, .user, .role] {
                json.member("Policy\(kind.title)s", page.elements.filter { $0.kind == kind })
            }
            json.member("IsTruncated", page.next != nil)
            json.member("Marker", page.next)
        }
    }

    struct Entity: OutputShape {
        let kind: Identity.Kind
        let name: String
        let id: String

        func write(to json: inout JSONWriter) {
            json.member("\(kind.title)Name", name)
            json.member("\(kind.title)Id", id)
        }
    }

    let store: IAMStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.arn, owner: call.account)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let kinds = [Identity.Kind.group, .user, .role].filter { input.filter == nil || input.filter == $0.title }
        let entities = try await store.read { snapshot in
            _ = try snapshot.requirePolicy(input.arn, in: call.account)
            return try kinds.flatMap { kind in
                try snapshot.users(of: input.arn, as: input.usage, in: call.account, kind)
                    .filter { $0.path.hasPrefix(input.pathPrefix) }
                    .map { Entity(kind: kind, name: $0.name, id: $0.id) }
            }
        }
        let scope = "ListEntitiesForPolicy \(call.account) \(input.arn)"
        let page = try input.page.page(whole: entities, of: scope, sealedBy: store.pages, position: \.id)
        return Output(page: page)
    }
}
