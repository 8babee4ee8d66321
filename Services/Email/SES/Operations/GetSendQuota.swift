import ServiceKit

/// Answers what may be sent, which the relay limits rather than Apus, and what was sent in a day.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_GetSendQuota.html)
struct GetSendQuota: AWSOperation {
    struct Output: OutputShape {
        let sentLastDay: Int

        func write(to json: inout JSONWriter) {
            // SES's own way to say there is no limit.
            json.member("Max24HourSend", -1.0)
            json.member("MaxSendRate", 1000.0)
            json.member("SentLast24Hours", Double(sentLastDay))
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
