import Time

/// Why a request's signature was refused, with all that AWS's answer to it tells.
public enum SignatureError: Error, Equatable, Sendable {
    /// The operation needs credentials and the request has none.
    case missingAuthentication
    /// The signature's parts cannot be read or contradict each other.
    case malformed(Malformation)
    case unknownAccessKey(String)
    case invalidToken
    case expiredToken
    case wrongRegion(String, expected: String)
    case wrongService(String, expected: String)
    /// S3: `x-amz-` headers that the signature does not cover.
    case headersNotSigned([String])
    /// The request's date is more than 15 minutes away from now.
    case skewed(date: Timestamp, now: Timestamp)
    case presignedExpired(date: Timestamp, expiresSeconds: Int, now: Timestamp)
    case presignedNotYetValid(date: Timestamp, now: Timestamp)
    case mismatch(Mismatch)
    case payload(PayloadFault)

    /// A signature that the key does not make, with what was signed here: none of it is secret.
    public struct Mismatch: Equatable, Sendable {
        public let accessKeyID: String
        public let provided: String
        public let stringToSign: String
        /// Empty for a chunk of a body.
        public let canonicalRequest: String
    }

    public enum Malformation: Equatable, Sendable {
        case algorithm(String)
        case severalMechanisms
        /// A part of the header that is not `name=value`.
        case pair(String, header: String)
        case parameters(missing: [String], isDated: Bool, header: String)
        case queryParameters(missing: [String])
        case credential(String, elements: Int)
        case terminator(String)
        case scopeDate(String, request: Timestamp)
        case date
        case queryDate
        case hostNotSigned
        case expiresIsNoNumber
        case expiresIsNegative
        case expiresTooLate
        case contentHash(String)
        case contentHashMissing
    }

    public enum PayloadFault: Equatable, Sendable {
        /// The body is not what `x-amz-content-sha256` says.
        case hash(stated: String, computed: String)
        /// The body ended before its last chunk, or is shorter or longer than declared.
        case incomplete
        /// Framing that is not `aws-chunked`.
        case framing
        case trailer
        case decodedLengthMissing
        /// A trailing checksum, named as in `x-amz-checksum-crc32`, that the bytes do not have.
        case checksum(name: String)
    }
}

extension SignatureError {
    /// What AWS says first where both are so: that a request is of another time, before that its scope is of another
    /// day.
    public func first(at now: Timestamp) -> SignatureError {
        guard case .malformed(.scopeDate(_, let date)) = self else { return self }
        let isOfNow = abs(date.seconds - now.seconds) <= Int64(Self.allowedSkewSeconds)
        return isOfNow ? self : .skewed(date: date, now: now)
    }
}
