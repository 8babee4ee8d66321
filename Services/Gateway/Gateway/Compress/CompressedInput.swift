import AWSWire
import Compression
import HTTPTypes

/// The coding of an input that its sender compressed, where the body is the input. Elsewhere the field is the owner's:
/// S3 keeps it with the object.
enum CompressedInput {
    /// - Throws: for a coding that nobody here expands.
    static func coding(of head: RequestHead, for target: Target) throws(WireError) -> ContentCoding? {
        switch target.protocolName {
        case .json, .rpcCBOR, .query: break
        case .restJSON, .restXML, .ec2: return nil
        }
        guard let name = head.fields["Content-Encoding"], name != "identity", !name.isEmpty else { return nil }
        guard let coding = ContentCoding(name: name) else { throw unreadable }
        return coding
    }

    /// What the body says.
    ///
    /// - Throws: for a body that is not compressed so, and for one that says more than `limit` bytes.
    static func expand(_ body: [UInt8], _ coding: ContentCoding, upTo limit: Int) throws -> [UInt8] {
        var input: [UInt8] = []
        do {
            let expander = try Expander(coding)
            expander.append(body)
            while case let piece = try expander.next(), !piece.isEmpty {
                guard input.count + piece.count <= limit else { throw WireError.tooLong(limit) }
                input += piece
            }
            try expander.finish()
        } catch is CompressionFault {
            throw unreadable
        }
        return input
    }

    /// DynamoDB says no more than this of what it can not expand.
    private static let unreadable = WireError("InternalServerError", "Internal Server Error", status: 500)
}
