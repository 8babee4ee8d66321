import Testing

@testable import Launcher

@Suite("The command line") struct InvocationTests {
    @Test("Options are read where they belong")
    func options() throws {
        let up = try Invocation(["up", "--detach", "--open", "--port", "4999", "--data", "/data"])
        #expect(up.command == .up)
        #expect(up.options.isDetached)
        #expect(up.options.isOpen)
        #expect(up.options.port == 4999)
        #expect(up.options.dataDirectory == "/data")
        let logs = try Invocation(["logs", "-f", "tables"])
        #expect(logs.options.follows)
        #expect(logs.options.service == "tables")
        #expect(try Invocation(["env", "--profile", "apus"]).options.profile == "apus")
        #expect(try Invocation(["reset", "--yes"]).options.isConfirmed)
        #expect(try Invocation(["mail", "--to", "a@b.c"]).options.recipient == "a@b.c")
        #expect(try Invocation(["mail", "show", "01ab"]).options.mailID == "01ab")
        #expect(try Invocation(["thumbnails"]).options.thumbnails == nil)
        #expect(try Invocation(["thumbnails", "status"]).options.thumbnails == .status)
        #expect(try Invocation(["thumbnails", "regenerate", "b"]).options.thumbnails == .regenerate(bucket: "b"))
        #expect(try Invocation(["thumbnails", "cancel", "b"]).options.thumbnails == .cancel(bucket: "b"))
        #expect(try Invocation(["--help"]).command == .help)
    }

    @Test(
        "What makes no sense is refused",
        arguments: [
            [], ["fly"], ["up", "--port"], ["up", "--port", "0"], ["up", "--port", "70000"], ["down", "--yes"],
            ["logs", "a", "b"], ["status", "-f"], ["env", "--profile", "a b"], ["env", "--profile", "a]"],
            ["up", "--data", ""], ["mail", "show"], ["mail", "01ab"],
            ["thumbnails", "regenerate"], ["thumbnails", "b"], ["thumbnails", "cancel", "a", "b"],
        ] as [[String]])
    func nonsense(arguments: [String]) {
        #expect(throws: UsageError.self) { try Invocation(arguments) }
    }

    @Test("A data directory too long for a socket's path gets its run directory elsewhere")
    func longDataDirectory() throws {
        var options = Invocation.Options()
        options.dataDirectory = "/tmp/short"
        #expect(try Stack(options).runDirectory == "/tmp/short/run")
        options.dataDirectory = "/tmp/" + String(repeating: "long", count: 30)
        let run = try Stack(options).runDirectory
        #expect(run.utf8.count < 80)
        #expect(try Stack(options).runDirectory == run)
        options.dataDirectory = "/tmp/" + String(repeating: "wide", count: 30)
        #expect(try Stack(options).runDirectory != run)
    }
}
