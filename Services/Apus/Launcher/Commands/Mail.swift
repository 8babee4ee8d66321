import Glibc
import ServiceKit

/// `apus mail`: what SES, Cognito and SNS sent, or would have sent had a relay been configured.
struct Mail {
    let stack: Stack
    let options: Invocation.Options

    private static let listed = 50

    func run() async throws -> Int32 {
        guard stack.isRunning else {
            Terminal.complain("The stack in \(stack.dataDirectory) is not running.")
            return 3
        }
        if let id = options.mailID { return try await show(id) }
        let page = try await call("ListInbox") { json in
            json.member("Recipient", options.recipient)
            json.member("Limit", Mail.listed)
        }
        let mails = page["messages"].map { Array($0.elements) } ?? []
        Terminal.say(mails.isEmpty ? "No mail." : Mail.table(mails))
        return 0
    }

    private func show(_ id: String) async throws -> Int32 {
        let reply = try await call("GetMail") { $0.member("Id", id) }
        guard let data = reply["Data"]?.withStringBytes({ Base64.decode($0) }), let data else {
            throw ServiceError.internalFailure
        }
        Terminal.write(data, to: STDOUT_FILENO)
        return 0
    }

    private func call(_ operation: String, input: (inout JSONWriter) -> Void) async throws -> JSONValue {
        try await PrivateCall(stack: stack, owner: "email").call(operation, input: input)
    }

    /// A line a mail. What strangers wrote must not speak to the terminal.
    static func table(_ mails: [JSONValue]) -> String {
        let columns = ["Id", "Timestamp", "Source", "Recipients", "Subject"]
        return Terminal.table(
            [["ID", "RECEIVED", "FROM", "TO", "SUBJECT"]]
                + mails.map { mail in
                    columns.map { mail[$0].map(Terminal.harmless) ?? "" }
                })
    }
}
