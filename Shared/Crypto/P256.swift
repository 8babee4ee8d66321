import COpenSSL

/// ECDSA over NIST P-256 with SHA-256: SigV4A and ES256.
public enum P256 {
    /// Verifies signatures in the DER form of X9.62.
    public struct PublicKey: Sendable {
        private let handle: KeyHandle
        /// Uncompressed: `04`, 32 bytes of x, 32 bytes of y.
        public let point: [UInt8]

        /// Makes a key of an uncompressed point.
        ///
        /// - Throws: `CryptoError.malformed` where the point is not on the curve.
        public init(point: [UInt8]) throws {
            guard point.count == 65 else { throw CryptoError.malformed }
            self.point = point
            let group: StaticString = "group"
            let curve: StaticString = "P-256"
            let part: StaticString = "pub"
            handle = try point.withUnsafeBytes { point in
                try KeyHandle(type: "EC") { builder in
                    OSSL_PARAM_BLD_push_utf8_string(builder, group.cString, curve.cString, 0) == 1
                        && OSSL_PARAM_BLD_push_octet_string(builder, part.cString, point.baseAddress, point.count) == 1
                }
            }
        }

        /// The public key of a private scalar.
        public init(privateScalar scalar: BigNumber) throws {
            guard let group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1) else {
                throw CryptoError.failed(operation: "P-256")
            }
            defer { EC_GROUP_free(group) }
            guard let point = EC_POINT_new(group) else { throw CryptoError.failed(operation: "P-256") }
            defer { EC_POINT_free(point) }
            var bytes = [UInt8](repeating: 0, count: 65)
            guard scalar.multiplyGenerator(of: group, into: point),
                EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, &bytes, bytes.count, nil) == 65
            else { throw CryptoError.malformed }
            try self.init(point: bytes)
        }

        public func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
            handle.verify(signature, of: message)
        }
    }
}
