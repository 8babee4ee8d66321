import ServiceKit

/// One mail as it was, or is to be, sent.
struct GetMail: AWSOperation {
    struct Input: InputShape {
        let id: String
        init(_ member: Members) throws { id = try member("Id") }
    }

    struct Output: OutputShape {
        let data: [UInt8]
        func write(to json: inout JSONWriter) { json.member("Data", Blob(data)) }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let data = try await store.read({ try $0.mailData(input.id) }) else {
            throw ServiceError("NotFoundException", "There is no mail \(input.id).", status: 404)
        }
        return Output(data: data)
    }
}
