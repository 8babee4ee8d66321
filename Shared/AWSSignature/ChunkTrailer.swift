import Bytes
import Crypto
import HTTPTypes

/// The fields behind the last chunk: declared ahead, signed with the body, one of them usually its checksum.
struct ChunkTrailer: Sendable {
    private static let signatureName = "x-amz-trailer-signature"

    private(set) var fields = HTTPFields()
    private let names: [String]
    private let isExpected: Bool
    private var checksum: (any Checksum)?
    private let checksumName: String?
    private var signature: String?
    private var canonical: [UInt8] = []

    init(names: [String], isExpected: Bool) {
        self.names = names.map(\.asciiLowercased)
        self.isExpected = isExpected
        checksumName = self.names.first { ChecksumAlgorithm(header: $0) != nil }
        checksum = checksumName.flatMap(ChecksumAlgorithm.init(header:))?.start()
    }

    mutating func update(_ bytes: ArraySlice<UInt8>) { checksum?.update(bytes) }

    /// Reads `name:value`.
    mutating func add(_ line: [UInt8]) throws(SignatureError) {
        guard isExpected, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .payload(.trailer) }
        let name = String(decoding: line[..<colon], as: UTF8.self).asciiLowercased
        let value = String(decoding: line[(colon + 1)...].trimmed, as: UTF8.self)
        if name == Self.signatureName {
            signature = value
        } else {
            guard names.contains(name), signature == nil, !fields.contains(name) else { throw .payload(.trailer) }
            fields.append(name, value)
            canonical += Array(name.utf8) + [UInt8(ascii: ":")] + Array(value.utf8) + [.newline]
        }
    }

    mutating func finish(signatures: inout ChunkSignatures?) throws(SignatureError) {
        guard names.allSatisfy(fields.contains) else { throw .payload(.trailer) }
        if isExpected, signatures != nil {
            guard let signature else { throw .payload(.trailer) }
            try signatures?.verifyTrailers(canonical, signature: signature)
        }
        guard let checksumName, let stated = fields[checksumName], var checksum else { return }
        guard Base64.string(checksum.finalize()) == stated else { throw .payload(.checksum(name: checksumName)) }
    }
}

extension ArraySlice<UInt8> {
    /// Without white space at either end.
    fileprivate var trimmed: ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return []
        }
        return self[first...last]
    }
}
