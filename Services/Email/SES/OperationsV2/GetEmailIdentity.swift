import ServiceKit

extension SESv2 {
    /// Answers an identity's state.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentity.html)
    struct GetEmailIdentity: AWSOperation {
        let store: MailStore

        struct Output: OutputShape {
            let identity: String

            func write(to json: inout JSONWriter) {
                json.member("IdentityType", identity.contains("@") ? "EMAIL_ADDRESS" : "DOMAIN")
                json.member("FeedbackForwardingStatus", false)
                json.member("VerifiedForSendingStatus", true)
                json.member("VerificationStatus", "SUCCESS")
            }
        }

        func permissions(for input: CreateEmailIdentity.Input, in call: Call) -> [Permission] {
            [Permission(on: ARN("ses", region: call.region, account: call.account, "identity/\(input.emailIdentity)"))]
        }

        func perform(_ input: CreateEmailIdentity.Input, in call: Call) async throws -> Output {
            guard try await store.read({ try $0.hasIdentity(input.emailIdentity, in: call) }) else {
                throw ServiceError(
                    "NotFoundException", "Email identity \(input.emailIdentity) does not exist.", status: 404)
            }
            return Output(identity: input.emailIdentity)
        }
    }
}
