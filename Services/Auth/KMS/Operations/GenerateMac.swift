import ServiceKit

/// Makes a message authentication code under a key.
///
/// [API reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html)
struct GenerateMac: AWSOperation {
    struct Input: InputShape {
        let keyID: String
        let message: Blob
        let algorithm: String
        let grantTokens: [String]?
        let isDryRun: Bool

        init(_ member: Members) throws {
            keyID = try member("KeyId")
            message = try member("Message")
            algorithm = try member("MacAlgorithm")
            grantTokens = try member("GrantTokens")
            isDryRun = try member("DryRun") ?? false
        }
    }

    struct Output: OutputShape {
        let code: [UInt8]
        let algorithm: MACAlgorithm
        let key: Key

        func write(to json: inout JSONWriter) {
            json.member("Mac", Blob(code))
            json.member("MacAlgorithm", algorithm.rawValue)
            json.member("KeyId", key.arn)
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
        if input.isDryRun { throw ServiceError.dryRun }
        let code = algorithm.code(of: input.message.bytes, key: try await store.secret(of: key))
        return Output(code: code, algorithm: algorithm, key: key)
    }
}

extension Key {
    /// - Throws: `DisabledException`, `KMSInvalidStateException`, `InvalidKeyUsageException`
    func macAlgorithm(named name: String, for operation: String) throws -> MACAlgorithm {
        try requireUsable()
        try requireUsage(.generateVerifyMAC, for: operation)
        guard let algorithm = spec.macAlgorithm, algorithm.rawValue == name else {
            throw ServiceError.invalidKeyUsage("Algorithm \(name) is incompatible with key spec \(spec.rawValue).")
        }
        return algorithm
    }
}
