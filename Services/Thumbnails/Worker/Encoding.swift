import CVips
import Thumbnails

/// How a derived image is written. Nothing that the camera noted (place, time, owner) comes with it.
enum Encoding {
    case jpeg, png, webp, avif, heic, gif

    /// - Parameter hasAlpha: whether the pixels can be seen through.
    init(_ wish: Transformation.Format, of source: ImageHeader, hasAlpha: Bool) {
        switch wish {
        case .jpeg: self = .jpeg
        case .png: self = .png
        case .webp: self = .webp
        case .avif: self = .avif
        case .heic: self = .heic
        case .gif: self = .gif
        case .plain: self = hasAlpha ? .png : .jpeg
        case .source: self = Self.own(of: source) ?? (hasAlpha ? .png : .jpeg)
        }
    }

    /// The source's own; `nil` where browsers would not show it.
    private static func own(of source: ImageHeader) -> Encoding? {
        let encodings: [(String, Encoding)] = [
            ("jpegload", .jpeg), ("pngload", .png), ("webpload", .webp), ("gifload", .gif),
        ]
        if source.isAV1 { return .avif }
        return encodings.first { source.loader.hasPrefix($0.0) }?.1
    }

    /// Whether what a wish makes of an animation is one: a GIF or a WebP.
    static func moves(_ wish: Transformation.Format, of source: ImageHeader) -> Bool {
        let encoding = Encoding(wish, of: source, hasAlpha: true)
        return encoding == .gif || encoding == .webp
    }

    var hasAlpha: Bool { self != .jpeg }

    private var mediaType: String {
        switch self {
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        case .webp: "image/webp"
        case .avif: "image/avif"
        case .heic: "image/heic"
        case .gif: "image/gif"
        }
    }

    /// libvips' name of the encoder and its options. AV1 and HEVC are told to hurry: somebody waits.
    private func options(quality: Int?) -> String {
        switch self {
        case .jpeg: ".jpg[Q=\(quality ?? 82),strip,optimize_coding,background=255]"
        case .png: ".png[strip]"
        case .webp: ".webp[Q=\(quality ?? 80),strip,effort=4]"
        case .avif: ".avif[Q=\(quality ?? 55),strip,compression=av1,effort=1]"
        case .heic: ".heic[Q=\(quality ?? 60),strip,compression=hevc,effort=1]"
        case .gif: ".gif[effort=3]"
        }
    }

    /// - Throws: `Refusal`
    func write(_ picture: Picture, quality: Int?) throws -> DerivedImage {
        var buffer: UnsafeMutableRawPointer?
        var size = 0
        guard apus_vips_write(picture.pointer, options(quality: quality), &buffer, &size) == 0, let buffer else {
            throw Refusal.notDecoded(Picture.lastError())
        }
        defer { g_free(buffer) }
        return DerivedImage(
            bytes: Array(UnsafeRawBufferPointer(start: buffer, count: size)), mediaType: mediaType)
    }
}
