import ServiceKit

/// What a worker says: for each image a byte for its type, four for its length (little endian), and its bytes; or,
/// with the exit code `refused`, why not, as JSON.
package enum Answer {
    package static let refused: Int32 = 3
    /// The exit code where the worker could not begin, or not go on, for no fault of the image's.
    package static let failed: Int32 = 4
    static let longest = 256 << 20
    private static let types = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/gif"]

    package static func encode(_ images: [DerivedImage]) -> [UInt8] {
        var out: [UInt8] = []
        for image in images {
            out.append(UInt8(types.firstIndex(of: image.mediaType) ?? 0))
            withUnsafeBytes(of: UInt32(image.bytes.count).littleEndian) { out += $0 }
            out += image.bytes
        }
        return out
    }

    package static func encode(_ refusal: Refusal) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("code", refusal.code)
            json.member("reason", refusal.reason)
        }
        return json.bytes
    }

    /// The worker handled hostile data: nothing it says is believed unchecked.
    package static func read(_ bytes: [UInt8], count: Int) throws -> [DerivedImage] {
        var images: [DerivedImage] = []
        var rest = bytes[...]
        while images.count < count {
            guard rest.count >= 5, Int(rest[rest.startIndex]) < types.count else { throw Refusal.limitExceeded }
            let type = types[Int(rest[rest.startIndex])]
            let length = rest.dropFirst().prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(5)
            guard rest.count >= length else { throw Refusal.limitExceeded }
            images.append(DerivedImage(bytes: Array(rest.prefix(length)), mediaType: type))
            rest = rest.dropFirst(length)
        }
        return images
    }

    package static func refusal(_ bytes: [UInt8]) throws -> Refusal {
        let member = try Members(JSONDocument(bytes, limits: JSONLimits(depth: 4, size: 65_536)).root)
        return Refusal(code: try member("code"), reason: try member("reason"))
    }
}

/// One derived image.
package struct DerivedImage: Sendable, Equatable {
    package let bytes: [UInt8]
    package let mediaType: String

    package init(bytes: [UInt8], mediaType: String) {
        self.bytes = bytes
        self.mediaType = mediaType
    }
}

/// What is decoded at all.
package enum ImageLimits {
    /// Larger files are no photographs of a blog.
    package static let fileBytes = 64 << 20
    /// Width times height, times the frames of an animation that is to stay one.
    package static let pixels = 100_000_000
    package static let edge = 16_384
    /// Of an animation.
    package static let frames = 2000
}
