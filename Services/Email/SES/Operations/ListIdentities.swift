import ServiceKit

/// Lists addresses and domains that may send, page by page.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_ListIdentities.html)
struct ListIdentities: AWSOperation {
    struct Input: InputShape {
        let identityType: String?
        let nextToken: String?
        let maxItems: Int

        init(_ member: Members) throws {
            identityType = try member("IdentityType")
            nextToken = try member("NextToken")
            maxItems = min(max(try member("MaxItems") ?? 1000, 1), 1000)
        }
    }

    struct Output: OutputShape {
        let identities: [String]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("Identities", identities)
            json.member("NextToken", nextToken)
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.page(input.nextToken, limit: input.maxItems, scope: "identities", position: { $0 }) {
            try $0.identities(in: call, after: $1, limit: $2)
        }
        let wanted = page.elements.filter { name in
            input.identityType == nil || (input.identityType == "EmailAddress") == name.contains("@")
        }
        return Output(identities: wanted, nextToken: page.next)
    }
}

extension MailStore {
    /// One page of what `load` answers after a position.
    func page<Element>(
        _ token: String?, limit: Int, scope: String, position: (Element) -> String,
        load: (Snapshot, _ after: String, _ limit: Int) throws -> [Element]
    ) async throws -> (elements: [Element], next: String?) {
        var after = ""
        if let token {
            guard let opened = pageToken.open(token, scope: scope) else {
                throw ServiceError("InvalidParameterValue", "Invalid NextToken.")
            }
            after = opened
        }
        let elements = try await read { try load($0, after, limit + 1) }
        let page = Array(elements.prefix(limit))
        return (page, elements.count > limit ? page.last.map { pageToken.seal(position($0), scope: scope) } : nil)
    }
}
