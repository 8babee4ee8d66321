import ServiceKit

/// Says of each identity whether it is verified; unknown ones are left out.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityVerificationAttributes.html)
struct GetIdentityVerificationAttributes: AWSOperation {
    struct Input: InputShape {
        let identities: [String]
        init(_ member: Members) throws { identities = try member("Identities") }
    }

    struct Output: OutputShape {
        let verified: [String]

        func write(to json: inout JSONWriter) {
            json.member("VerificationAttributes") { json in
                json.object { json in
                    for identity in verified {
                        json.member(identity) { json in json.object { $0.member("VerificationStatus", "Success") } }
                    }
                }
            }
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.read { snapshot in
            Output(verified: try input.identities.filter { try snapshot.hasIdentity($0, in: call) })
        }
    }
}
