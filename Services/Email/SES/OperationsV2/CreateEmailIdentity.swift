import ServiceKit

extension SESv2 {
    /// Lets an address or domain send, verified at once as in the first API generation.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentity.html)
    struct CreateEmailIdentity: AWSOperation {
        struct Input: InputShape {
            let emailIdentity: String
            init(_ member: Members) throws { emailIdentity = try member("EmailIdentity") }
        }

        struct Output: OutputShape {
            let identity: String

            func write(to json: inout JSONWriter) {
                json.member("IdentityType", identity.contains("@") ? "EMAIL_ADDRESS" : "DOMAIN")
                json.member("VerifiedForSendingStatus", true)
            }
        }

        let store: MailStore

        func permissions(for input: Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "identity/\(input.emailIdentity)"))]
        }

        func perform(_ input: Input, in call: Call) async throws -> Output {
            try await store.write { transaction in
                guard try !transaction.hasIdentity(input.emailIdentity, in: call) else {
                    throw ServiceError(
                        "AlreadyExistsException", "Email identity \(input.emailIdentity) already exist.")
                }
                try transaction.verify(input.emailIdentity, in: call)
            }
            return Output(identity: input.emailIdentity)
        }
    }
}
