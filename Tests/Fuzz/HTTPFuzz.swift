import HTTPTypes
import Testing

@testable import HTTP

/// Mutated messages never trap a parser, and cutting them differently never changes what it says.
@Suite("Fuzzed HTTP")
struct HTTPFuzz {
    private static let limits = HTTPLimits(
        startLineBytes: 200, fieldLineBytes: 400, fieldsBytes: 800, fieldCount: 12, bodyBytes: 4_000)

    @Test("Requests read in pieces say what they say at once")
    func requests() throws {
        try compare("http/requests", seed: 1) { pieces in
            var parser = HTTP1RequestParser(limits: Self.limits)
            var transcript = Transcript()
            transcript.run(pieces, append: { parser.append($0) }) {
                switch try parser.next() {
                case nil: return nil
                case .head(let request): return .other("\(request)")
                case .body(let bytes): return .bytes(bytes)
                case .end(let trailers): return .other("end \(trailers)")
                }
            }
            return transcript
        }
    }

    @Test("Responses read in pieces say what they say at once")
    func responses() throws {
        try compare("http/responses", seed: 2) { pieces in
            var parser = HTTP1ResponseParser(limits: Self.limits)
            parser.expect(responseTo: "GET")
            var transcript = Transcript()
            transcript.run(pieces, append: { parser.append($0) }) {
                switch try parser.next() {
                case nil: return nil
                case .body(let bytes): return .bytes(bytes)
                case .some(let event): return .other("\(event)")
                }
            }
            return transcript
        }
    }

    @Test("WebSocket frames read in pieces say what they say at once")
    func webSocketFrames() throws {
        try compare("http/websocket", seed: 3) { pieces in
            var parser = WebSocketFrameParser(expectsMask: true, maximumPayload: 1_000)
            var messages = WebSocketMessages(maximumBytes: 1_000)
            var transcript = Transcript()
            transcript.run(pieces, append: { parser.append($0) }) {
                guard let frame = try parser.next() else { return nil }
                return .other("\(String(describing: try messages.accept(frame)))")
            }
            return transcript
        }
    }

    @Test("HTTP/2 input of any kind is taken or refused")
    func http2() throws {
        var mutator = Mutator(try Corpus.load("http/http2"), seed: 4)
        var heads = 0
        for _ in 0..<Corpus.inputs {
            let session = HTTP2Session(limits: Self.limits, maximumStreams: 8, at: LoopTime(milliseconds: 0))
            for piece in mutator.pieces(of: mutator.next()) {
                let goesOn = piece.withUnsafeBytes { session.receive($0) }
                for stream in session.takeReady() where (try? stream.headers.requestHead()) != nil { heads += 1 }
                while session.nextOutput() != nil {}
                if !goesOn { break }
            }
            session.cancelAll()
        }
        // The mutations are mild enough that much of the grammar is reached.
        #expect(heads > Corpus.inputs / 20)
    }

    private func compare(_ folder: String, seed: UInt64, _ read: ([[UInt8]]) -> Transcript) throws {
        var mutator = Mutator(try Corpus.load(folder), seed: seed)
        var accepted = 0
        for number in 0..<Corpus.inputs {
            let input = mutator.next()
            let whole = read([input])
            let cut = read(mutator.pieces(of: input))
            #expect(whole == cut, "input \(number) of seed \(seed): \(input)")
            if whole.fault == nil, !whole.entries.isEmpty { accepted += 1 }
        }
        #expect(accepted > Corpus.inputs / 20)
    }
}

/// Everything a parser said, with neighbouring pieces of a body as one.
private struct Transcript: Equatable {
    enum Entry: Equatable {
        case bytes([UInt8])
        case other(String)
    }

    private(set) var entries: [Entry] = []
    private(set) var fault: String?

    mutating func run(_ pieces: [[UInt8]], append: ([UInt8]) -> Void, next: () throws -> Entry?) {
        for piece in pieces {
            append(piece)
            do {
                while let entry = try next() { add(entry) }
            } catch {
                fault = "\(error)"
                // How much of a body was handed on before the fault depends on where it was cut.
                if case .bytes = entries.last { entries.removeLast() }
                return
            }
        }
    }

    private mutating func add(_ entry: Entry) {
        if case .bytes(let more) = entry, case .bytes(let before) = entries.last {
            entries[entries.count - 1] = .bytes(before + more)
        } else {
            entries.append(entry)
        }
    }
}
