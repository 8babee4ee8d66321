import Bytes
import Crypto
import JSON

/// The public keys of an issuer (RFC 7517).
public struct JSONWebKeySet: Sendable {
    private var keys: [String: RSA.PublicKey] = [:]

    public init(_ keys: [String: RSA.PublicKey] = [:]) { self.keys = keys }

    /// Reads a document `{"keys":[…]}`; keys that are not RSA keys for signatures are passed over.
    public init(json value: JSONValue) throws {
        for key in value["keys"]?.elements ?? JSONElements.none {
            guard key["kty"]?.string == "RSA", key["use"]?.string ?? "sig" == "sig", let id = key["kid"]?.string,
                let modulus = key["n"]?.string.flatMap({ Base64.decode(Array($0.utf8), .url) }),
                let exponent = key["e"]?.string.flatMap({ Base64.decode(Array($0.utf8), .url) })
            else { continue }
            keys[id] = try RSA.PublicKey(modulus: modulus, exponent: exponent)
        }
    }

    public subscript(keyID: String) -> RSA.PublicKey? { keys[keyID] }

    /// The document that relying parties fetch.
    public func document() throws -> [UInt8] {
        let parts = try keys.sorted { $0.key < $1.key }.map { id, key in
            (id, Base64.string(try key.modulus, .url), Base64.string(try key.exponent, .url))
        }
        var json = JSONWriter()
        json.object { json in
            json.member("keys") { json in
                json.array { json in
                    for (id, modulus, exponent) in parts {
                        json.object { json in
                            json.member("kid", id)
                            json.member("kty", "RSA")
                            json.member("alg", "RS256")
                            json.member("use", "sig")
                            json.member("n", modulus)
                            json.member("e", exponent)
                        }
                    }
                }
            }
        }
        return json.bytes
    }
}
