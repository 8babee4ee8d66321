import CVips
import Thumbnails

/// What an image says of itself before a pixel is decoded: a bomb is refused by it.
struct ImageHeader {
    /// As the image is looked at: a camera that was held upright is taken into account.
    let width: Int
    let height: Int
    /// libvips' name of the decoder: `jpegload_buffer`.
    let loader: String
    let isAV1: Bool
    /// Whether it says which colours its numbers mean.
    let hasProfile: Bool
    /// One for what does not move. Pages that are no frames (of a TIFF, of a HEIC) do not count.
    let frames: Int

    /// - Throws: `Refusal`
    init(of image: UnsafeRawBufferPointer) throws {
        let header = try Picture(apus_vips_open(image.baseAddress, image.count))
        let stored = (Int(vips_image_get_width(header.pointer)), Int(vips_image_get_height(header.pointer)))
        let loader = header.text("vips-loader") ?? ""
        self.loader = loader
        let isMoving = ["gifload", "webpload"].contains { loader.hasPrefix($0) }
        frames = isMoving ? max(1, Int(vips_image_get_n_pages(header.pointer))) : 1
        // Frames are not turned.
        let isTurned = frames == 1 && vips_image_get_orientation_swap(header.pointer) != 0
        (width, height) = isTurned ? (stored.1, stored.0) : stored
        isAV1 = header.text("heif-compression") == "av1"
        hasProfile = vips_image_get_typeof(header.pointer, "icc-profile-data") != 0
        guard width > 0, height > 0, width <= ImageLimits.edge, height <= ImageLimits.edge,
            width * height <= ImageLimits.pixels
        else {
            throw Refusal.tooManyPixels(stored.0, stored.1)
        }
        guard Self.hasItsEnd(image) else { throw Refusal.truncated }
    }

    /// The decoders of JPEG and PNG fill what is missing with grey or black and only warn, so the end marker is looked for.
    private static func hasItsEnd(_ image: UnsafeRawBufferPointer) -> Bool {
        let markers: [(signature: [UInt8], end: [UInt8])] = [
            ([0xff, 0xd8], [0xff, 0xd9]), ([0x89, 0x50, 0x4e, 0x47], Array("IEND".utf8)),
        ]
        guard let marker = markers.first(where: { image.starts(with: $0.signature) }) else { return true }
        let tail = image.suffix(65_536)
        return tail.indices.contains { tail[$0] == marker.end[0] && tail[$0...].starts(with: marker.end) }
    }
}

/// One of libvips' images, held as long as this lives.
final class Picture {
    let pointer: OpaquePointer

    /// - Throws: `Refusal.notDecoded` with libvips' reason where there is none.
    init(_ pointer: OpaquePointer?) throws {
        guard let pointer else { throw Refusal.notDecoded(Self.lastError()) }
        self.pointer = pointer
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(pointer)) }

    var hasAlpha: Bool { vips_image_hasalpha(pointer) != 0 }

    /// A text among what the decoder found beside the pixels.
    func text(_ name: String) -> String? {
        guard vips_image_get_typeof(pointer, name) != 0 else { return nil }
        var text: UnsafePointer<CChar>?
        guard vips_image_get_string(pointer, name, &text) == 0, let text else { return nil }
        return String(cString: text)
    }

    static func lastError() -> String {
        let text = String(cString: vips_error_buffer())
        vips_error_clear()
        return text.split(separator: "\n").first.map(String.init) ?? "unknown format"
    }
}
