import ServiceKit

/// The newest mail of the caller's account, for the gateway's page `/_aws/ses`.
///
/// Mails hold confirmation codes, so an action of its own guards them: a policy for SES's actions does not open the
/// mail of other people.
struct ReadInbox: AWSOperation {
    let store: MailStore

    func permissions(for input: InboxQuery, in call: Call) -> [Permission] { [Permission(on: inboxARN(in: call))] }

    func perform(_ input: InboxQuery, in call: Call) async throws -> InboxPage {
        InboxPage(mails: try await store.read { try $0.inbox(input, of: call.account) })
    }
}

/// `arn:aws:ses:us-east-1:000000000000:inbox`
func inboxARN(in call: Call) -> ARN { ARN("ses", region: call.region, account: call.account, "inbox") }
