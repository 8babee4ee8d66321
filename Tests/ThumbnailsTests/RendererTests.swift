import ServiceKit
import Testing

@testable import Thumbnails

@Suite("The worker process")
struct RendererTests {
    /// The worker that was built beside these tests.
    private let renderer = Renderer.installed()

    /// Width and height as a PNG's or JPEG's own header says them.
    private func size(of image: DerivedImage) -> [Int] {
        let bytes = image.bytes
        func number(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
        if image.mediaType == "image/png" { return [number(18), number(22)] }
        // The frame header: FF C0 (or C2), length, precision, height, width.
        guard
            let frame = (2..<bytes.count - 9).first(where: {
                bytes[$0] == 0xff && (bytes[$0 + 1] == 0xc0 || bytes[$0 + 1] == 0xc2)
            })
        else { return [] }
        return [number(frame + 7), number(frame + 5)]
    }

    @Test("An image comes back once for each edge, in proportion; opaque ones as JPEG")
    func opaque() async throws {
        let derived = try await renderer.render(
            PNG.image(width: 64, height: 32), [.thumbnail(edge: 16), .thumbnail(edge: 8)])
        #expect(derived.map(\.mediaType) == ["image/jpeg", "image/jpeg"])
        #expect(derived.map(size) == [[16, 8], [8, 4]])
    }

    @Test("What can be seen through stays a PNG")
    func transparent() async throws {
        let derived = try await renderer.render(
            PNG.image(width: 20, height: 40, hasAlpha: true), [.thumbnail(edge: 10)])
        #expect(derived.map(\.mediaType) == ["image/png"] && derived.map(size) == [[5, 10]])
    }

    @Test(
        "What is no image is refused, and the next is served",
        arguments: [
            [], Array("not an image".utf8), Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8),
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [UInt8](repeating: 0, count: 1 << 20),
        ] as [[UInt8]])
    func garbage(image: [UInt8]) async throws {
        await #expect { try await renderer.render(image, [.thumbnail(edge: 16)]) } throws: {
            ($0 as? Refusal)?.code == "NotDecoded"
        }
        #expect(try await renderer.render(PNG.image(width: 9, height: 9), [.thumbnail(edge: 8)]).count == 1)
    }

    @Test("A bomb is refused by its header, before its pixels")
    func bomb() async throws {
        await #expect(throws: Refusal.tooManyPixels(16_000, 16_000)) {
            try await renderer.render(PNG.bomb(width: 16_000, height: 16_000), [.thumbnail(edge: 16)])
        }
    }

    @Test("A JPEG or PNG that ends early is refused")
    func truncated() async throws {
        let whole = try await renderer.render(PNG.image(width: 64, height: 64), [.thumbnail(edge: 48)])
        let jpeg = try #require(whole.first).bytes
        await #expect(throws: Refusal.truncated) {
            try await renderer.render(Array(jpeg.dropLast(2)), [.thumbnail(edge: 16)])
        }
        await #expect(throws: Refusal.truncated) {
            try await renderer.render(Array(PNG.image(width: 64, height: 64).dropLast(20)), [.thumbnail(edge: 16)])
        }
    }

    @Test(
        "Each fit does what sharp's does, and nothing is enlarged",
        arguments: [
            (.contain, [300, 30], [300, 30]), (.cover, [30, 30], [30, 30]), (.cover, [300, 20], [64, 20]),
            (.fill, [10, 30], [10, 30]), (.fill, [100, 100], [64, 32]), (.inside, [30, 30], [30, 15]),
            (.inside, [200, 200], [64, 32]), (.outside, [16, 16], [32, 16]), (.outside, [100, 8], [64, 32]),
        ] as [(Transformation.Fit, [Int], [Int])])
    func fits(fit: Transformation.Fit, box: [Int], expected: [Int]) async throws {
        let wish = Transformation(width: box[0], height: box[1], fit: fit, format: .png)
        let derived = try await renderer.render(PNG.image(width: 64, height: 32), [wish])
        #expect(derived.map(size) == [expected])
    }

    @Test("One edge alone gives the other; none keeps both")
    func oneEdge() async throws {
        for (width, height, expected) in [(16, nil, [16, 8]), (nil, 16, [32, 16]), (nil, nil, [64, 32])] {
            let wish = Transformation(width: width, height: height, fit: .cover, format: .jpeg)
            #expect(try await renderer.render(PNG.image(width: 64, height: 32), [wish]).map(size) == [expected])
        }
    }

    @Test(
        "Every format is written, begins as its kind does, and is read again", arguments: Transformation.Format.allCases
    )
    func formats(format: Transformation.Format) async throws {
        let jpeg: (type: String, at: Int, mark: [UInt8]) = ("image/jpeg", 0, [0xff, 0xd8, 0xff])
        let png = ("image/png", 1, Array("PNG".utf8))
        let types: [Transformation.Format: (type: String, at: Int, mark: [UInt8])] = [
            .jpeg: jpeg, .plain: jpeg, .png: png, .source: png, .webp: ("image/webp", 8, Array("WEBP".utf8)),
            .avif: ("image/avif", 4, Array("ftypavif".utf8)), .heic: ("image/heic", 4, Array("ftypheic".utf8)),
            .gif: ("image/gif", 0, Array("GIF89a".utf8)),
        ]
        let wish = Transformation(width: 40, height: nil, fit: .inside, format: format, quality: 60)
        let image = try #require(try await renderer.render(PNG.image(width: 64, height: 32), [wish]).first)
        let expected = try #require(types[format])
        #expect(image.mediaType == expected.type)
        #expect(image.bytes.dropFirst(expected.at).starts(with: expected.mark))
        // What browsers do not show becomes what they do.
        let back = Transformation(width: 20, height: nil, fit: .inside, format: .source)
        let again = try #require(try await renderer.render(image.bytes, [back]).first)
        #expect(again.mediaType == (format == .heic ? "image/jpeg" : expected.type))
    }

    @Test(
        "An animation has all its frames in GIF and WebP, and gives one to what has none",
        arguments: [(Transformation.Format.gif, 3), (.webp, 3), (.source, 3), (.png, 1), (.jpeg, 1), (.avif, 1)])
    func animation(format: Transformation.Format, frames: Int) async throws {
        for fit in Transformation.Fit.allCases {
            let wish = Transformation(width: 6, height: 4, fit: fit, format: format)
            let image = try #require(try await renderer.render(GIF.animation(frames: 3), [wish]).first)
            // A GIF's frames each begin with a control block, a WebP's are chunks of their own.
            let marks: [[UInt8]] = [[0x21, 0xf9, 0x04], Array("ANMF".utf8)]
            let found = image.bytes.indices.count { at in marks.contains { image.bytes[at...].starts(with: $0) } }
            #expect(frames == 1 ? found == 0 : found == frames, "\(fit)")
        }
    }

    @Test("An animation of too many frames is refused, unless one is enough")
    func longAnimation() async throws {
        let long = GIF.animation(frames: 2001)
        let wish = Transformation(width: 6, height: nil, fit: .inside, format: .gif)
        await #expect(throws: Refusal.tooManyFrames(2001, 12, 12)) { try await renderer.render(long, [wish]) }
        #expect(try await renderer.render(long, [.thumbnail(edge: 8)]).count == 1)
    }

    @Test("Damaged files of every kind are drawn or refused, and harm nobody")
    func damaged() async throws {
        let renderer = Renderer.installed(count: 4)
        let formats: [Transformation.Format] = [.jpeg, .png, .webp, .avif, .heic, .gif]
        let wishes = formats.map { Transformation(width: 48, height: nil, fit: .inside, format: $0) }
        let whole = try await renderer.render(PNG.image(width: 64, height: 64), wishes)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for image in whole {
                for _ in 0..<5 {
                    var bytes = image.bytes
                    for _ in 0..<Int.random(in: 1...8) {
                        bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255)
                    }
                    if Bool.random() { bytes.removeLast(Int.random(in: 1..<bytes.count)) }
                    group.addTask { [bytes] in
                        do {
                            let derived = try await renderer.render(bytes, [.thumbnail(edge: 16)])
                            #expect(derived.count == 1)
                        } catch is Refusal {}
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await renderer.render(PNG.image(width: 9, height: 9), [.thumbnail(edge: 8)]).count == 1)
    }

    @Test("A worker that cannot be started is our fault, not the image's")
    func missing() async {
        await #expect(throws: WorkerFailure.self) {
            try await Renderer(executable: "/nowhere/thumbnail-worker").render([], [.thumbnail(edge: 16)])
        }
    }
}
