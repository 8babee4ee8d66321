/// Why a cryptographic operation gave no result.
public enum CryptoError: Error, Equatable {
    /// A key, text or number that is not what its format says.
    case malformed
    /// The bytes were altered, or sealed under another key.
    case authenticationFailed
    /// OpenSSL refused the operation named.
    case failed(operation: String)
}
