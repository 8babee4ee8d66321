import ServiceKit

/// Answers random bytes.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html)
struct GenerateRandom: AWSOperation {
    struct Input: InputShape {
        let byteCount: Int?

        init(_ member: Members) throws {
            byteCount = try member("NumberOfBytes")
            if member.contains("CustomKeyStoreId") {
                throw ServiceError.unsupported("Apus has no custom key stores.")
            }
            try EnclaveRecipient.refuse(member)
        }
    }

    struct Output: OutputShape {
        let bytes: [UInt8]
        func write(to json: inout JSONWriter) { json.member("Plaintext", Blob(bytes)) }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        guard let count = input.byteCount else { throw ServiceError.validation("NumberOfBytes is required.") }
        return Output(bytes: SecureRandom.bytes(count))
    }
}
