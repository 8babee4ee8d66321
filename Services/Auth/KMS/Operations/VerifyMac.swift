import ServiceKit

/// Verifies a message authentication code.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html)
struct VerifyMac: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let message: Blob
        let code: Blob
        let algorithm: String
        let grantTokens: [String]?
        let isDryRun: Bool

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            message = try member("Message")
            code = try member("Mac")
            algorithm = try member("MacAlgorithm")
            grantTokens = try member("GrantTokens")
            isDryRun = try member("DryRun") ?? false
        }
    }

    struct Output: OutputShape {
        let algorithm: MACAlgorithm
        let key: Key

        func write(to json: inout JSONWriter) {
            json.member("KeyId", key.arn)
            json.member("MacValid", true)
            json.member("MacAlgorithm", algorithm.rawValue)
        }
    }

    let store: KMSStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [
            try await store.permission(
                onKey: input.keyID, in: call, allowingAliases: true,
                conditions: ["kms:MacAlgorithm": [input.algorithm]])
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try store.tokens.check(input.grantTokens)
        let key = try await store.key(input.keyID, in: call, allowingAliases: true)
        let algorithm = try key.macAlgorithm(named: input.algorithm, for: call.operation)
        let code = algorithm.code(of: input.message.bytes, key: try await store.secret(of: key))
        guard ConstantTime.equal(code, input.code.bytes) else { throw ServiceError.invalidMAC }
        if input.isDryRun { throw ServiceError.dryRun }
        return Output(algorithm: algorithm, key: key)
    }
}
