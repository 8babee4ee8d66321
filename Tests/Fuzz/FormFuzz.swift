import Testing

@testable import Gateway

/// Mutated forms never trap the parser, and cutting them differently never changes what it says.
@Suite("Fuzzed forms")
struct FormFuzz {
    @Test("Forms read in pieces say what they say at once")
    func forms() throws {
        var mutator = Mutator(try Corpus.load("form"), seed: 5)
        var accepted = 0
        for number in 0..<Corpus.inputs {
            let input = mutator.next()
            let whole = read([input])
            let cut = read(mutator.pieces(of: input))
            #expect(whole == cut, "input \(number): \(input)")
            if !whole.isMalformed, whole.parts > 1 { accepted += 1 }
        }
        #expect(accepted > Corpus.inputs / 20)
    }

    private struct Reading: Equatable {
        var said: [String] = []
        var content: [UInt8] = []
        var parts = 0
        var isMalformed = false
    }

    private func read(_ pieces: [[UInt8]]) -> Reading {
        var parser = FormParser(boundary: "xyz")
        var reading = Reading()
        do {
            for piece in pieces {
                parser.append(piece)
                while let event = try parser.next() {
                    if case .content(let bytes) = event {
                        reading.content += bytes
                    } else {
                        if case .part = event { reading.parts += 1 }
                        reading.said.append("\(event) after \(reading.content.count)")
                    }
                }
            }
        } catch {
            // How far it came before a limit was passed depends on where the input was cut.
            return Reading(isMalformed: true)
        }
        return reading
    }
}
