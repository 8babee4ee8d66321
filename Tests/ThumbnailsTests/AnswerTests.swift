import ServiceKit
import Testing

@testable import Thumbnails

@Suite("A worker's answer")
struct AnswerTests {
    private let images = [
        DerivedImage(bytes: [1, 2, 3], mediaType: "image/jpeg"), DerivedImage(bytes: [], mediaType: "image/png"),
    ]

    @Test("Images come out as they went in")
    func roundTrip() throws {
        #expect(try Answer.read(Answer.encode(images), count: 2) == images)
    }

    @Test("An answer cut anywhere, or of fewer images than were asked for, is refused")
    func truncation() {
        let whole = Answer.encode(images)
        for length in 0..<whole.count {
            #expect(throws: Refusal.limitExceeded) { try Answer.read(Array(whole.prefix(length)), count: 2) }
        }
        #expect(throws: Refusal.limitExceeded) { try Answer.read(whole, count: 3) }
    }

    @Test(
        "Unknown types and lengths beyond the answer are refused",
        arguments: [
            [6, 0, 0, 0, 0], [255, 0, 0, 0, 0], [0, 255, 255, 255, 255, 1], [0, 0, 0, 0, 128],
        ] as [[UInt8]])
    func lies(bytes: [UInt8]) {
        #expect(throws: Refusal.limitExceeded) { try Answer.read(bytes, count: 1) }
    }

    @Test("Random bytes are read or refused, never a trap")
    func garbage() {
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0..<40)).map { _ in UInt8.random(in: 0...3) }
            if let read = try? Answer.read(bytes, count: 2) { #expect(read.count == 2) }
            #expect((try? Answer.refusal(bytes)) == nil)
        }
    }

    @Test("A refusal comes out as it went in; what is none is an error")
    func refusals() throws {
        #expect(try Answer.refusal(Answer.encode(.truncated)) == .truncated)
        for text in ["", "{}", "[]", #"{"code":1,"reason":"x"}"#, String(repeating: "[", count: 100)] {
            #expect(throws: (any Error).self) { try Answer.refusal(Array(text.utf8)) }
        }
    }

    @Test(
        "A bucket's tag lists edges; what is no sensible number is passed over",
        arguments: [
            ("256 1024", [256, 1024]), ("256,1024;", [256, 1024]), ("", []), ("yes", []), ("7 8 4096 4097", [8, 4096]),
            ("99999999999999999999999 64", [64]), ("-64", [64]), ("٢٥٦ 64", [64]),
            ("8 9 10 11 12 13 14 15 16 17", [8, 9, 10, 11, 12, 13, 14, 15]),
        ])
    func edges(target: String, expected: [Int]) throws {
        let change = try ObjectChange(
            json: JSONDocument(
                Array(
                    #"""
                    {"bucket":"b","account":"0","region":"r","key":"k.jpg","event":"ObjectCreated:Put","target":"\#(target)"}
                    """#.utf8)
            ).root)
        #expect(change.edges == expected)
        #expect(change.derivedKey(64) == "thumbnails/64/k.jpg" && !change.isRemoval)
    }
}
