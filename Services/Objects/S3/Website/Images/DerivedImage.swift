import ServiceKit

/// What came of a request for an image.
enum DerivedImage: Sendable, Equatable {
    case image(type: String, bytes: [UInt8])
    /// The file is at fault: trying again gives the same.
    case refused(code: String, reason: String)

    /// - Throws: why there is none.
    var content: (type: String, bytes: [UInt8]) {
        get throws {
            switch self {
            case .image(let type, let bytes): return (type, bytes)
            case .refused(let code, let reason): throw ServiceError(code, reason, status: 422)
            }
        }
    }

    /// Whether whatever else is asked of the file ends the same: what it needed too much time or memory for may be
    /// less for a smaller image.
    var concernsAll: Bool {
        if case .refused(let code, _) = self { return !["LimitExceeded", "TimedOut"].contains(code) }
        return false
    }
}

/// A derived image at rest: enciphered under a key that comes of its object's, so that it is as readable as that, and
/// unreadable without it: once the object is overwritten or gone, nothing opens it any more.
struct SealedImage: Sendable {
    /// A row of `object`, whose number an overwritten object passes on: the key it had is what counts.
    let object: Int64
    let etag: String
    /// `ImageRequest.name`
    let request: String
    /// A media type; empty for a refusal.
    let type: String
    let bytes: [UInt8]

    init(object: Int64, etag: String, request: String, type: String, bytes: [UInt8]) {
        (self.object, self.etag, self.request, self.type, self.bytes) = (object, etag, request, type, bytes)
    }

    init(_ image: DerivedImage, of object: StoredObject, _ request: ImageRequest, under key: [UInt8]) throws {
        let (type, plain): (String, [UInt8])
        switch image {
        case .image(let mediaType, let bytes): (type, plain) = (mediaType, bytes)
        case .refused(let code, let reason): (type, plain) = ("", Array("\(code) \(reason)".utf8))
        }
        let name = image.concernsAll ? ImageRequest.nameOfAll : request.name
        self.init(
            object: object.id, etag: object.etag, request: name, type: type,
            bytes: try AESGCM.seal(plain, key: key, context: Self.context(object.id, object.etag, name, type)))
    }

    /// `nil` where it is another object's that had the row before.
    func opened(with key: [UInt8]) throws -> DerivedImage? {
        let plain: [UInt8]
        do {
            plain = try AESGCM.open(bytes, key: key, context: Self.context(object, etag, request, type))
        } catch CryptoError.authenticationFailed {
            return nil
        }
        if !type.isEmpty { return .image(type: type, bytes: plain) }
        let words = String(decoding: plain, as: UTF8.self).split(separator: " ", maxSplits: 1)
        return .refused(code: String(words.first ?? ""), reason: String(words.last ?? ""))
    }

    private static func context(_ object: Int64, _ etag: String, _ request: String, _ type: String) -> [UInt8] {
        Array("\(object) \(etag) \(type) \(request)".utf8)
    }
}
