import CVips
import Thumbnails

/// An image of several frames, which libvips has one below the other; what is made of it has as many, for as long.
struct Animation {
    private let image: UnsafeRawBufferPointer
    private let header: ImageHeader

    /// - Throws: `Refusal.tooManyFrames`
    init(_ image: UnsafeRawBufferPointer, _ header: ImageHeader) throws {
        let (frames, width, height) = (header.frames, header.width, header.height)
        guard frames <= ImageLimits.frames, frames * width * height <= ImageLimits.pixels else {
            throw Refusal.tooManyFrames(frames, width, height)
        }
        (self.image, self.header) = (image, header)
    }

    /// - Throws: `Refusal`
    func derive(_ wish: Transformation) throws -> DerivedImage {
        let box = Box(ofFramesFor: wish, header)
        let resized = try Pixels.resize(image, header, box, isAnimation: true)
        let encoding = Encoding(wish.format, of: header, hasAlpha: resized.hasAlpha)
        return try encoding.write(try finish(resized, wish, encoding), quality: wish.quality)
    }

    private func finish(_ roll: Picture, _ wish: Transformation, _ encoding: Encoding) throws -> Picture {
        guard let width = wish.width, let height = wish.height, wish.fit == .cover || wish.fit == .contain else {
            return roll
        }
        let frameHeight = vips_image_get_page_height(roll.pointer)
        let frames = try (0..<vips_image_get_height(roll.pointer) / frameHeight).map { index in
            let frame = try Picture(apus_vips_frame(roll.pointer, index, frameHeight))
            guard wish.fit == .cover else { return try Pixels.finish(frame, wish, encoding) }
            return try Picture(apus_vips_middle(frame.pointer, Int32(width), Int32(height)))
        }
        return try withExtendedLifetime(frames) {
            var pointers: [OpaquePointer?] = frames.map(\.pointer)
            return try Picture(apus_vips_animation(&pointers, Int32(pointers.count)))
        }
    }
}
