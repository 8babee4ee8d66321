import ServiceKit

extension SESv2 {
    /// Takes the right to send from an address or domain.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeleteEmailIdentity.html)
    struct DeleteEmailIdentity: AWSOperation {
        let store: MailStore

        func permissions(for input: CreateEmailIdentity.Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "identity/\(input.emailIdentity)"))]
        }

        func perform(_ input: CreateEmailIdentity.Input, in call: Call) async throws -> NoOutput {
            try await store.write { transaction in
                guard try transaction.hasIdentity(input.emailIdentity, in: call) else {
                    throw ServiceError(
                        "NotFoundException", "Email identity \(input.emailIdentity) does not exist.", status: 404)
                }
                try transaction.deleteIdentity(input.emailIdentity, in: call)
            }
            return NoOutput()
        }
    }
}
