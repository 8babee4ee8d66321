import HTTPTypes
import Time

/// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`
enum AuthorizationHeader {
    static func parse(_ text: String, of head: RequestHead) throws(SignatureError) -> SignedRequest {
        let (known, signature) = try parts(of: text, in: head)
        let date = try date(of: head)
        try check(known.credential.scope, against: date)
        return SignedRequest(
            form: .header, algorithm: known.algorithm, accessKeyID: known.credential.accessKeyID,
            scope: known.credential.scope,
            regionSet: known.algorithm == .ecdsa ? head.fields["X-Amz-Region-Set"] ?? "" : nil, date: date,
            signedHeaders: known.signedHeaders, signature: signature,
            sessionToken: head.fields["X-Amz-Security-Token"],
            payload: try PayloadDigest(head.fields["X-Amz-Content-Sha256"]))
    }

    /// Where the signature comes last, as every SDK writes it, what stands before it may be known.
    private static func parts(
        of text: String, in head: RequestHead
    ) throws(SignatureError) -> (KnownCredential, signature: String) {
        guard hasDate(head), let end = signatureStart(in: text) else { return try parsed(text, in: head) }
        if let known = KnownCredentials.find(text[..<end]) { return (known, String(text[end...])) }
        let (known, signature) = try parsed(text, in: head)
        if signature == text[end...] { KnownCredentials.insert(known, for: text[..<end]) }
        return (known, signature)
    }

    /// Where the value of a last parameter `Signature` of 64 hexadecimal digits begins.
    private static func signatureStart(in text: String) -> String.Index? {
        let start = text.utf8.count - 64
        guard text.utf8.withContiguousStorageIfAvailable({ endsInSignature($0, at: start) }) == true else { return nil }
        return text.utf8.index(text.startIndex, offsetBy: start)
    }

    private static func endsInSignature(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        let name = start - label.utf8CodeUnitCount
        guard name > 0, isSeparator(bytes[name - 1]) else { return false }
        for index in 0..<label.utf8CodeUnitCount where bytes[name + index] != label.utf8Start[index] { return false }
        return bytes[start...].allSatisfy(\.isHexDigit)
    }

    private static let label: StaticString = "Signature="

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == .comma || byte == .space || byte == .tab }

    private static func parsed(
        _ text: String, in head: RequestHead
    ) throws(SignatureError) -> (KnownCredential, signature: String) {
        let name = text[..<(text.utf8.firstIndex(of: UInt8(ascii: " ")) ?? text.endIndex)]
        guard let algorithm = SigningAlgorithm(rawValue: String(name)) else {
            throw .malformed(.algorithm(String(name)))
        }
        let parameters = try Parameters(text[name.endIndex...], header: text, isDated: hasDate(head))
        let credential = try Credential(parameters.credential, algorithm: algorithm)
        // In this order AWS complains.
        try check(credential.scope, against: try date(of: head))
        let headers = try signedHeaders(parameters.signedHeaders)
        return (
            KnownCredential(algorithm: algorithm, credential: credential, signedHeaders: headers), parameters.signature
        )
    }

    /// The scope's day must be that of the request.
    static func check(_ scope: CredentialScope, against date: Timestamp) throws(SignatureError) {
        guard scope.date == date.basicDate else {
            throw .malformed(.scopeDate(scope.date, request: date))
        }
    }

    static func signedHeaders(_ text: String) throws(SignatureError) -> [String] {
        let names = text.utf8.split(separator: UInt8(ascii: ";")).map { String(Substring($0)).asciiLowercased }
        guard names.contains("host") || names.contains(":authority") else { throw .malformed(.hostNotSigned) }
        return names
    }

    private static func hasDate(_ head: RequestHead) -> Bool {
        head.fields.contains("X-Amz-Date") || head.fields.contains("Date")
    }

    private static func date(of head: RequestHead) throws(SignatureError) -> Timestamp {
        guard let text = head.fields["X-Amz-Date"] ?? head.fields["Date"],
            let date = Timestamp(iso8601Basic: text) ?? Timestamp(httpDate: text)
        else { throw .malformed(.date) }
        return date
    }

    private struct Parameters {
        var credential: String
        var signedHeaders: String
        var signature: String

        init(_ text: Substring, header: String, isDated: Bool) throws(SignatureError) {
            (credential, signedHeaders, signature) = ("", "", "")
            for part in text.utf8.split(whereSeparator: isSeparator) {
                guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                    throw .malformed(.pair(String(Substring(part)), header: header))
                }
                let value = String(Substring(part[part.index(after: equals)...]))
                switch String(Substring(part[..<equals])) {
                case "Credential": credential = value
                case "SignedHeaders": signedHeaders = value
                case "Signature": signature = value
                default: break
                }
            }
            let missing = [("Credential", credential), ("Signature", signature), ("SignedHeaders", signedHeaders)]
                .filter { $0.1.isEmpty }.map(\.0)
            guard missing.isEmpty, isDated else {
                throw .malformed(.parameters(missing: missing, isDated: isDated, header: header))
            }
        }
    }
}

extension UInt8 {
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let space = UInt8(ascii: " ")
    fileprivate static let tab = UInt8(ascii: "\t")
}
