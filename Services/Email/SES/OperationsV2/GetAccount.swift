import ServiceKit

extension SESv2 {
    /// Answers the account's limits and use.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html)
    struct GetAccount: AWSOperation {
        struct Output: OutputShape {
            let sentLastDay: Int

            func write(to json: inout JSONWriter) {
                json.member("DedicatedIpAutoWarmupEnabled", false)
                json.member("EnforcementStatus", "HEALTHY")
                json.member("ProductionAccessEnabled", true)
                json.member("SendingEnabled", true)
                json.member("SendQuota", GetSendQuota.Output(sentLastDay: sentLastDay))
            }
        }

        let store: MailStore

        func permissions(for input: NoInput, in call: Call) -> [Permission] { [Permission(on: "*")] }

        func perform(_ input: NoInput, in call: Call) async throws -> Output {
            Output(
                sentLastDay: try await store.read {
                    try $0.mailCount(since: call.now - .seconds(86_400), account: call.account)
                })
        }
    }
}
