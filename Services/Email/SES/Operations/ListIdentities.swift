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
        let page = try await store.identities(input.nextToken, limit: input.maxItems, scope: "identities", in: call)
        let wanted = page.elements.filter { name in
            input.identityType == nil || (input.identityType == "EmailAddress") == name.contains("@")
        }
        return Output(identities: wanted, nextToken: page.next)
    }
}
