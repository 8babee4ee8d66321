import ServiceKit

/// Makes a key pair for later use, its private half enciphered under a KMS key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPairWithoutPlaintext.html)
struct GenerateDataKeyPairWithoutPlaintext: AWSOperation {
    let store: KMSStore

    func permissions(for input: DataKeyPairInput, in call: Call) async throws -> [Permission] {
        try await store.messagePermission(
            input.keyID, input.context, conditions: ["kms:DataKeyPairSpec": [input.spec]], in: call)
    }

    func perform(_ input: DataKeyPairInput, in call: Call) async throws -> DataKeyPairOutput {
        try await store.dataKeyPair(input, isTold: false, in: call)
    }
}
