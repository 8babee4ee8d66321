import ServiceKit

extension SESv2 {
    /// Lists addresses and domains that may send, page by page.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListEmailIdentities.html)
    struct ListEmailIdentities: AWSOperation {
        struct Input: InputShape {
            let nextToken: String?
            let pageSize: Int

            init(_ member: Members) throws {
                nextToken = try member("NextToken")
                pageSize = min(max(try member("PageSize") ?? 100, 1), 1000)
            }
        }

        struct Output: OutputShape {
            let identities: [String]
            let nextToken: String?

            func write(to json: inout JSONWriter) {
                json.member("EmailIdentities") { json in
                    json.array { json in
                        for identity in identities {
                            json.object { json in
                                json.member("IdentityType", identity.contains("@") ? "EMAIL_ADDRESS" : "DOMAIN")
                                json.member("IdentityName", identity)
                                json.member("SendingEnabled", true)
                                json.member("VerificationStatus", "SUCCESS")
                            }
                        }
                    }
                }
                json.member("NextToken", nextToken)
            }
        }

        let store: MailStore

        func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

        func perform(_ input: Input, in call: Call) async throws -> Output {
            let page = try await store.identities(
                input.nextToken, limit: input.pageSize, scope: "identities v2", in: call)
            return Output(identities: page.elements, nextToken: page.next)
        }
    }
}
