import CVips
import Glibc
import Thumbnails

/// The decoder: runs in a worker process of its own, one image a process, under limits of memory and time.
enum Pixels {
    private static let memory: UInt64 = 1 << 30
    private static let seconds: UInt64 = 20
    /// The only file written: libvips' vector code is assembled in a small one.
    private static let codeBytes: UInt64 = 1 << 20

    /// Ends what a hostile image can take from the machine. Call before its first byte is read.
    static func limit() {
        for (resource, value) in [
            (RLIMIT_AS, memory), (RLIMIT_CPU, seconds), (RLIMIT_FSIZE, codeBytes), (RLIMIT_NOFILE, 16),
            (RLIMIT_CORE, 0),
        ] {
            var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
            setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
        }
        _ = nice(10)
        vips_init("apus-thumbnails")
        vips_concurrency_set(1)
        vips_cache_set_max(0)
        vips_block_untrusted_set(1)
    }

    /// - Throws: `Refusal`
    static func derive(_ image: [UInt8], edges: [Int]) throws -> [DerivedImage] {
        // libvips reads the bytes where they lie, and late: their address is good within this closure only.
        try image.withUnsafeBytes { bytes in
            try probe(bytes)
            return try edges.map { try derive(bytes, edge: $0) }
        }
    }

    /// Reads the header only: a bomb is refused before a pixel is decoded.
    private static func probe(_ image: UnsafeRawBufferPointer) throws {
        guard let header = apus_vips_open(image.baseAddress, image.count) else { throw Refusal.notDecoded(lastError()) }
        defer { g_object_unref(UnsafeMutableRawPointer(header)) }
        let width = Int(vips_image_get_width(header))
        let height = Int(vips_image_get_height(header))
        guard width > 0, height > 0, width <= ImageLimits.edge, height <= ImageLimits.edge,
            width * height <= ImageLimits.pixels
        else {
            throw Refusal.tooManyPixels(width, height)
        }
        // libjpeg fills what is missing with grey and only warns, so the end marker is looked for.
        let isJPEG = image.starts(with: [0xff, 0xd8])
        if isJPEG, !hasEndOfImage(image.suffix(65_536)) { throw Refusal.truncated }
    }

    private static func hasEndOfImage(_ tail: Slice<UnsafeRawBufferPointer>) -> Bool {
        zip(tail, tail.dropFirst()).contains { $0 == 0xff && $1 == 0xd9 }
    }

    private static func derive(_ image: UnsafeRawBufferPointer, edge: Int) throws -> DerivedImage {
        guard let thumbnail = apus_vips_thumbnail(image.baseAddress, image.count, Int32(edge)) else {
            throw Refusal.notDecoded(lastError())
        }
        defer { g_object_unref(UnsafeMutableRawPointer(thumbnail)) }
        let hasAlpha = vips_image_hasalpha(thumbnail) != 0
        var buffer: UnsafeMutableRawPointer?
        var size = 0
        guard apus_vips_write(thumbnail, hasAlpha ? ".png[strip]" : ".jpg[Q=82,strip]", &buffer, &size) == 0, let buffer
        else { throw Refusal.notDecoded(lastError()) }
        defer { g_free(buffer) }
        return DerivedImage(
            bytes: Array(UnsafeRawBufferPointer(start: buffer, count: size)),
            mediaType: hasAlpha ? "image/png" : "image/jpeg")
    }

    private static func lastError() -> String {
        let text = String(cString: vips_error_buffer())
        vips_error_clear()
        return text.split(separator: "\n").first.map(String.init) ?? "unknown format"
    }
}
