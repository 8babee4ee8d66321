import ServiceKit

/// Makes a key for later use: enciphered under a KMS key only.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html)
struct GenerateDataKeyWithoutPlaintext: AWSOperation {
    let store: KMSStore

    func permissions(for input: DataKeyInput, in call: Call) async throws -> [Permission] {
        try await store.messagePermission(input.keyID, input.context, in: call)
    }

    func perform(_ input: DataKeyInput, in call: Call) async throws -> DataKeyOutput {
        try await store.dataKey(input, isTold: false, in: call)
    }
}
