import CSandbox
import CVips
import Glibc
import Thumbnails

/// The decoder: runs in a worker process of its own, one image a process, under limits of memory and time.
enum Pixels {
    private static let memory: UInt64 = 1 << 30
    private static let seconds: UInt64 = 20

    /// Ends what a hostile image can take from the machine, and closes its ways to anything else. Call before its first
    /// byte is read.
    ///
    /// - Throws: `WorkerFailure` where the kernel does not confine this process: then nothing is decoded.
    static func limit() throws {
        for (resource, value) in [
            (RLIMIT_AS, memory), (RLIMIT_CPU, seconds), (RLIMIT_FSIZE, 0), (RLIMIT_NOFILE, 16), (RLIMIT_CORE, 0),
        ] {
            var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
            setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
        }
        _ = nice(10)
        vips_init("apus-thumbnails")
        vips_concurrency_set(1)
        vips_cache_set_max(0)
        vips_block_untrusted_set(1)
        // Last: libvips loads its modules from files. What it assembles in one for speed, it assembles in memory then.
        guard apus_seccomp_compute() == 0 else { throw WorkerFailure(call: "seccomp", code: errno) }
    }

    /// - Throws: `Refusal`
    static func derive(_ image: [UInt8], _ transformations: [Transformation]) throws -> [DerivedImage] {
        // libvips reads the bytes where they lie, and late: their address is good within this closure only.
        try image.withUnsafeBytes { bytes in
            let header = try ImageHeader(of: bytes)
            return try transformations.map { try derive(bytes, header, $0) }
        }
    }

    private static func derive(
        _ image: UnsafeRawBufferPointer, _ header: ImageHeader, _ wish: Transformation
    ) throws -> DerivedImage {
        if header.frames > 1, Encoding.moves(wish.format, of: header) {
            return try Animation(image, header).derive(wish)
        }
        let resized = try resize(image, header, Box(of: wish, for: header))
        let encoding = Encoding(wish.format, of: header, hasAlpha: resized.hasAlpha)
        return try encoding.write(try finish(resized, wish, encoding), quality: wish.quality)
    }

    /// - Parameter isAnimation: whether all frames are read, and not the first alone.
    static func resize(
        _ image: UnsafeRawBufferPointer, _ header: ImageHeader, _ box: Box, isAnimation: Bool = false
    ) throws -> Picture {
        try Picture(
            apus_vips_thumbnail(
                image.baseAddress, image.count, Int32(box.width), Int32(box.height), box.isForced ? 1 : 0,
                box.isCropped ? 1 : 0, header.hasProfile ? 1 : 0, isAnimation ? 1 : 0))
    }

    /// What is left to do once the pixels are few.
    static func finish(_ picture: Picture, _ wish: Transformation, _ encoding: Encoding) throws -> Picture {
        guard wish.fit == .contain, let width = wish.width, let height = wish.height else { return picture }
        return try Picture(
            apus_vips_centre(picture.pointer, Int32(width), Int32(height), encoding.hasAlpha ? 1 : 0))
    }
}

/// What libvips is to fit an image into.
struct Box {
    /// libvips' largest edge: no limit.
    private static let unlimited = 10_000_000

    var width: Int
    var height: Int
    /// To exactly this size, in proportion or not.
    var isForced = false
    var isCropped = false

    init(of wish: Transformation, for image: ImageHeader) {
        width = wish.width ?? Box.unlimited
        height = wish.height ?? Box.unlimited
        guard let wantedWidth = wish.width, let wantedHeight = wish.height else {
            if wish.width == nil, wish.height == nil { (width, height) = (image.width, image.height) }
            return
        }
        switch wish.fit {
        case .contain, .inside: break
        case .cover: isCropped = true
        case .fill:
            (width, height) = (min(wantedWidth, image.width), min(wantedHeight, image.height))
            isForced = true
        case .outside: cover(wantedWidth, wantedHeight, of: image)
        }
    }

    /// For frames, of which libvips would cut the middle out of all of them together.
    init(ofFramesFor wish: Transformation, _ image: ImageHeader) {
        self.init(of: wish, for: image)
        guard isCropped, let wantedWidth = wish.width, let wantedHeight = wish.height else { return }
        isCropped = false
        cover(wantedWidth, wantedHeight, of: image)
    }

    /// As large as the edge that needs it more; the other one follows, rounded up so that it does not limit.
    private mutating func cover(_ wantedWidth: Int, _ wantedHeight: Int, of image: ImageHeader) {
        if wantedWidth * image.height >= wantedHeight * image.width {
            height = Box.unlimited
        } else {
            width = Box.unlimited
        }
    }
}
