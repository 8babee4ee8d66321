import ServiceKit

/// Makes a key for the caller's own use: once in the clear, and once enciphered under a KMS key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html)
struct GenerateDataKey: AWSOperation {
    struct Input: InputShape {
        let wish: DataKeyInput

        init(_ member: Members) throws {
            wish = try DataKeyInput(member)
            try EnclaveRecipient.refuse(member)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.messagePermission(input.wish.keyID, input.wish.context, in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> DataKeyOutput {
        try await store.dataKey(input.wish, isTold: true, in: call)
    }
}
