import Bus
import Glibc
import ServiceKit

/// `apus mail`: what SES, Cognito and SNS sent, or would have sent had a relay been configured.
///
/// It asks over the private sockets of the run directory: who may open those owns the stack.
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
        let client = BusClient(routes: LocalRoutes(directory: stack.runDirectory))
        defer { client.close() }
        var json = JSONWriter()
        json.object(input)
        let reply = try await client.call(
            "email",
            BusRequest(
                service: "apus.email", operation: operation, caller: Caller.service("launcher.apus").encoded,
                body: json.bytes, deadline: .now() + .seconds(10), isIdempotent: true))
        let output = try JSONDocument(reply.body).root
        if reply.isError { throw MailRefusal(message: try ServiceError(json: output).message) }
        return output
    }

    /// A line a mail. What strangers wrote must not speak to the terminal.
    static func table(_ mails: [JSONValue]) -> String {
        func text(_ mail: JSONValue, _ name: String) -> String {
            let written = mail[name]?.string ?? mail[name]?.elements.compactMap(\.string).joined(separator: ", ") ?? ""
            let harmless = written.unicodeScalars.filter { $0.properties.generalCategory != .control }
            return String(harmless.map(Character.init))
        }
        let columns = ["Id", "Timestamp", "Source", "Recipients", "Subject"]
        return Terminal.table(
            [["ID", "RECEIVED", "FROM", "TO", "SUBJECT"]] + mails.map { mail in columns.map { text(mail, $0) } })
    }
}

struct MailRefusal: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
