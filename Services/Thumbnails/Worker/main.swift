import Glibc
import Thumbnails

// The other end of `Renderer`: `thumbnail-worker 256x256,inside,plain,-` reads an image from standard input and writes
// its derived images, one for each argument, to standard output. One image a process: whatever a hostile file does, it
// does to nobody else.

do {
    try Pixels.limit()
    let transformations = CommandLine.arguments.dropFirst().compactMap(Transformation.init(argument:))
    writeAnswer(Answer.encode(try Pixels.derive(try readImage(), transformations)))
} catch let refusal as Refusal {
    writeAnswer(Answer.encode(refusal))
    exit(Answer.refused)
} catch {
    // Ours, not the image's: files, memory or a kernel without filters.
    exit(Answer.failed)
}

func readImage() throws -> [UInt8] {
    var image: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(STDIN_FILENO, &chunk, chunk.count)
        guard count >= 0 else { throw WorkerFailure(call: "read", code: errno) }
        if count == 0 { return image }
        guard image.count + count <= ImageLimits.fileBytes else { throw Refusal.tooLarge }
        image += chunk[..<count]
    }
}

func writeAnswer(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard count > 0 else { exit(1) }
        sent += count
    }
}
