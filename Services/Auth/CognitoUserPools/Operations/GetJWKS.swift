import JWT
import ServiceKit

/// The public keys of a pool, for whoever checks its tokens.
struct GetJWKS: AWSOperation {
    struct Input: InputShape {
        let poolID: String
        init(_ member: Members) throws { poolID = try member("PoolId") }
    }

    struct Output: OutputShape {
        let document: [UInt8]
        func write(to json: inout JSONWriter) {
            json.member("Document") { $0.raw(document) }
        }
    }

    let store: UserPoolStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let sealed = try await store.read { try $0.sealedKeys(of: input.poolID) }
        guard !sealed.isEmpty else { throw ServiceError.userPoolNotFound(input.poolID) }
        var keys: [String: RSA.PublicKey] = [:]
        for (id, key) in sealed {
            let pem = try store.masterKey.open(key, for: "key \(id)")
            keys[id] = try RSA.PrivateKey(pem: String(decoding: pem, as: UTF8.self)).publicKey
        }
        return Output(document: try JSONWebKeySet(keys).document())
    }
}
