import AWSWire
import Crypto
import HTTPTypes
import ServiceKit

/// What the head of a request to S3 says of its body's checksums.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html)
struct StatedChecksums {
    private static let algorithmHeader = "x-amz-sdk-checksum-algorithm"

    private let fields: HTTPFields

    init(_ fields: HTTPFields) { self.fields = fields }

    /// A head that names an algorithm has a checksum of some kind come with it, before the body or behind it.
    ///
    /// - Throws: `InvalidRequest`
    func requireWhatIsNamed(of operation: OperationModel) throws(WireError) {
        guard operation.checksum.algorithmMember != nil, fields.contains(Self.algorithmHeader),
            !fields.contains("X-Amz-Trailer"),
            !ChecksumAlgorithm.allCases.contains(where: { fields.contains($0.header) })
        else { return }
        throw WireError(
            "InvalidRequest",
            "\(Self.algorithmHeader) specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were "
                + "found.")
    }

    /// Has the owner compute the checksum that comes behind the body, which is held against it here.
    static func nameTrailing(in fields: inout HTTPFields) {
        guard let trailer = fields["X-Amz-Trailer"], !fields.contains(algorithmHeader) else { return }
        let names = trailer.split { $0 == "," || $0 == " " }
        guard let algorithm = names.lazy.compactMap({ ChecksumAlgorithm(header: $0.lowercased()) }).first else {
            return
        }
        fields[algorithmHeader] = algorithm.rawValue
    }

    /// Holds a body that was read whole against them.
    ///
    /// - Throws: `InvalidDigest`, `BadDigest`, `InvalidRequest`
    func verify(_ body: [UInt8], of operation: OperationModel) throws(WireError) {
        guard operation.checksum.isRequestChecksumRequired || operation.checksum.algorithmMember != nil else { return }
        if let name = fields[Self.algorithmHeader], ChecksumAlgorithm(rawValue: name.uppercased()) == nil {
            throw WireError("InvalidRequest", "Value for \(Self.algorithmHeader) header is invalid.")
        }
        let stated = ChecksumAlgorithm.allCases.filter { fields.contains($0.header) }
        try verifyMD5(body)
        for algorithm in stated { try verify(algorithm, body) }
        guard operation.name == "DeleteObjects" else { return }
        guard !stated.isEmpty || fields.contains("Content-MD5") || fields.contains("X-Amz-Trailer") else {
            throw WireError(
                "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
        }
    }

    private func verifyMD5(_ body: [UInt8]) throws(WireError) {
        guard let text = fields["Content-MD5"] else { return }
        guard let digest = Base64.decode(Array(text.utf8)), digest.count == MD5.byteCount else {
            throw WireError("InvalidDigest", "The Content-MD5 you specified was invalid.")
        }
        guard digest == MD5.hash(body) else {
            throw WireError("BadDigest", "The Content-MD5 you specified did not match what we received.")
        }
    }

    private func verify(_ algorithm: ChecksumAlgorithm, _ body: [UInt8]) throws(WireError) {
        let value = fields[algorithm.header].flatMap { Base64.decode(Array($0.utf8)) }
        guard let value, value.count == algorithm.byteCount else {
            throw WireError("InvalidRequest", "Value for \(algorithm.header) header is invalid.")
        }
        var checksum = algorithm.start()
        checksum.update(body)
        guard checksum.finalize() == value else {
            throw WireError(
                "BadDigest", "The \(algorithm.rawValue) you specified did not match the calculated checksum.")
        }
    }
}
