import ServiceKit

/// Makes a key pair for the caller's own use, its private half also enciphered under a KMS key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html)
struct GenerateDataKeyPair: AWSOperation {
    struct Input: InputShape {
        let pair: DataKeyPairInput

        init(_ member: Members) throws {
            pair = try DataKeyPairInput(member)
            try EnclaveRecipient.refuse(member)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        try await store.messagePermission(
            input.pair.keyID, input.pair.context, conditions: ["kms:DataKeyPairSpec": [input.pair.spec]], in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> DataKeyPairOutput {
        try await store.dataKeyPair(input.pair, isTold: true, in: call)
    }
}
