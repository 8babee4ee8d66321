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
        let derived = try await renderer.render(PNG.image(width: 64, height: 32), edges: [16, 8])
        #expect(derived.map(\.mediaType) == ["image/jpeg", "image/jpeg"])
        #expect(derived.map(size) == [[16, 8], [8, 4]])
    }

    @Test("What can be seen through stays a PNG")
    func transparent() async throws {
        let derived = try await renderer.render(PNG.image(width: 20, height: 40, hasAlpha: true), edges: [10])
        #expect(derived.map(\.mediaType) == ["image/png"] && derived.map(size) == [[5, 10]])
    }

    @Test(
        "What is no image is refused, and the next is served",
        arguments: [
            [], Array("not an image".utf8), Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8),
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [UInt8](repeating: 0, count: 1 << 20),
        ] as [[UInt8]])
    func garbage(image: [UInt8]) async throws {
        await #expect { try await renderer.render(image, edges: [16]) } throws: {
            ($0 as? Refusal)?.code == "NotDecoded"
        }
        #expect(try await renderer.render(PNG.image(width: 9, height: 9), edges: [8]).count == 1)
    }

    @Test("A bomb is refused by its header, before its pixels")
    func bomb() async throws {
        await #expect(throws: Refusal.tooManyPixels(16_000, 16_000)) {
            try await renderer.render(PNG.bomb(width: 16_000, height: 16_000), edges: [16])
        }
    }

    @Test("A JPEG that ends early is refused")
    func truncated() async throws {
        let whole = try await renderer.render(PNG.image(width: 64, height: 64), edges: [48])
        let jpeg = try #require(whole.first).bytes
        await #expect(throws: Refusal.truncated) {
            try await renderer.render(Array(jpeg.dropLast(2)), edges: [16])
        }
    }

    @Test("A worker that cannot be started is our fault, not the image's")
    func missing() async {
        await #expect(throws: WorkerFailure.self) {
            try await Renderer(executable: "/nowhere/thumbnail-worker").render([], edges: [16])
        }
    }
}
