import ServiceKit

/// The certificate that `SigningCertURL` points to, for the gateway; one of Apus' own operations.
struct ReadSigningCertificate: AWSOperation {
    struct Input: InputShape {
        let name: String
        init(_ member: Members) throws { name = try member("Name") }
    }

    struct Output: OutputShape {
        let certificate: String
        func write(to json: inout JSONWriter) { json.member("Certificate", certificate) }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let key = try await topics.signingKey(at: call.now)
        guard key.certificateName == input.name else { throw ServiceError.resourceDoesNotExist }
        return Output(certificate: key.certificate)
    }
}
