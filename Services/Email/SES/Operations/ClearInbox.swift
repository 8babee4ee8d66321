import ServiceKit

/// Forgets one mail of the caller's account, or all of them; what is still to be delivered stays.
struct ClearInbox: AWSOperation {
    struct Input: InputShape {
        let id: String?
        init(_ member: Members) throws { id = try member("Id") }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: inboxARN(in: call))] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await store.write { try $0.clearInbox(of: call.account, id: input.id) }
        return NoOutput()
    }
}
