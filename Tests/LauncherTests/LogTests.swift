import Glibc
import ServiceKit
import TestSupport
import Testing

@testable import Launcher

@Suite("Logs") struct LogTests {
    @Test("Lines are cut where they end, however the bytes arrive")
    func lines() {
        var splitter = LineSplitter()
        var lines: [String] = []
        for piece in ["one\ntw", "o", "\n\nthree\nfo", "ur"] {
            lines += splitter.lines(adding: piece.utf8).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines == ["one", "two", "three"])
        #expect(splitter.finish() == Array("four".utf8))
        #expect(splitter.finish() == nil)
    }

    @Test("A line without end is cut, and does not fill memory")
    func endlessLine() {
        var splitter = LineSplitter()
        let lines = splitter.lines(adding: [UInt8](repeating: 65, count: 3 * LineSplitter.longest + 5))
        #expect(lines.map(\.count) == [LineSplitter.longest, LineSplitter.longest, LineSplitter.longest])
        #expect(splitter.finish()?.count == 5)
    }

    @Test("A log that has grown is set aside, and the oldest is forgotten")
    func rotation() async throws {
        try await TemporaryFolder.with { folder in
            let path = "\(folder)/a.log"
            let file = LogFile(path, longest: 100)
            for number in 0..<50 { try file.append(Array("line number \(number)".utf8)) }
            let kept = try LogFile.generationPaths(path).map {
                String(decoding: try FileBytes.read($0, limit: 200), as: UTF8.self)
            }
            #expect(kept.count == 3)
            #expect(kept.allSatisfy { $0.utf8.count <= 100 && $0.hasSuffix("\n") })
            #expect(kept.joined().split(separator: "\n").last == "line number 49")
            #expect(FolderListing.names(in: folder) == ["a.log", "a.log.1", "a.log.2"])
        }
    }

    @Test("Opening a log again goes on where it ended")
    func reopening() async throws {
        try await TemporaryFolder.with { folder in
            let path = "\(folder)/a.log"
            for line in ["one", "two"] { try LogFile(path).append(Array(line.utf8)) }
            #expect(try FileBytes.read(path, limit: 100) == Array("one\ntwo\n".utf8))
        }
    }

    @Test("A record reads back, and is readable for people")
    func record() throws {
        let line = Array(
            #"{"time":"2026-11-21T09:14:03.120Z","level":"info","service":"tables","message":"Ready","pid":"4711"}"#
                .utf8)
        let record = try #require(LogRecord(line))
        #expect(record.readable == "09:14:03.120 tables     info    Ready pid=4711")
        #expect(record.encoded == line)
        #expect(LogRecord(Array("Fatal error: unexpected".utf8)) == nil)
        #expect(LogRecord(Array("{}".utf8)) == nil)
    }

    @Test("What is no record is stored as one")
    func crashReport() async throws {
        try await TemporaryFolder.with { folder in
            var journal = Journal(directory: folder, echoes: false)
            journal.write(Array("Fatal error: \"quoted\"".utf8), of: "tables")
            let line = try FileBytes.read("\(folder)/tables.log", limit: 1000).dropLast()
            let record = try #require(LogRecord(Array(line)))
            #expect(record.level == "error")
            #expect(record.message == "Fatal error: \"quoted\"")
        }
    }

    @Test("Logs of several services are merged by time, each in its own order")
    func merged() {
        func line(_ time: Int, _ message: String) -> [UInt8] {
            Array(#"{"time":"2026-11-21T09:14:0\#(time).000Z","message":"\#(message)"}"#.utf8)
        }
        let merged = Logs.merged([[line(1, "a"), line(3, "b"), line(3, "c")], [line(2, "d"), line(3, "e")]])
        #expect(merged.compactMap { LogRecord($0)?.message } == ["a", "d", "b", "c", "e"])
    }

    @Test("A tail sees what is appended, also across a rotation")
    func tail() async throws {
        try await TemporaryFolder.with { folder in
            let path = "\(folder)/a.log"
            let file = LogFile(path, longest: 30)
            try file.append(Array("before".utf8))
            var tail = LogTail(path)
            #expect(tail.lines().isEmpty)
            try file.append(Array("one".utf8))
            #expect(tail.lines() == [Array("one".utf8)])
            try file.append(Array("two".utf8))
            try file.append(Array("a line that makes it rotate".utf8))
            #expect(tail.lines() == [Array("two".utf8), Array("a line that makes it rotate".utf8)])
        }
    }
}
