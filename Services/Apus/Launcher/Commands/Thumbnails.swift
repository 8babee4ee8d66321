import ServiceKit

/// `apus thumbnails`: derives the images of a bucket anew, and tells how far that has come.
struct Thumbnails {
    enum Request: Equatable {
        case status
        case regenerate(bucket: String)
        case cancel(bucket: String)
    }

    let stack: Stack
    let options: Invocation.Options

    func run() async throws -> Int32 {
        guard stack.isRunning else {
            Terminal.complain("The stack in \(stack.dataDirectory) is not running.")
            return 3
        }
        switch options.thumbnails ?? .status {
        case .status: Terminal.say(Self.report(try await call("ListRegenerations") { _ in }))
        case .regenerate(let bucket):
            let begun = try await call("StartRegeneration") { $0.member("Bucket", bucket) }
            Terminal.say(Self.table([begun]))
        case .cancel(let bucket):
            let ended = try await call("CancelRegeneration") { $0.member("Bucket", bucket) }
            Terminal.say(Self.table([ended]))
        }
        return 0
    }

    private func call(_ operation: String, input: (inout JSONWriter) -> Void) async throws -> JSONValue {
        try await PrivateCall(stack: stack, owner: "thumbnails").call(operation, input: input)
    }

    static func report(_ status: JSONValue) -> String {
        let regenerations = status["Regenerations"]?.elements.map { $0 } ?? []
        let waiting = status["Waiting"]?.elements.map { $0 } ?? []
        var parts = [regenerations.isEmpty ? "No bucket was derived anew." : table(regenerations)]
        if !waiting.isEmpty {
            let rows = waiting.map { image in
                ["Bucket", "Key", "Attempts", "Due", "Reason"].map { image[$0].map(Terminal.harmless) ?? "never" }
            }
            let count = status["WaitingCount"].map(Terminal.harmless) ?? ""
            parts.append("Images that could not be read or written, and are tried again: \(count)")
            parts.append(Terminal.table([["BUCKET", "KEY", "ATTEMPTS", "NEXT", "REASON"]] + rows))
        }
        return parts.joined(separator: "\n\n")
    }

    static func table(_ regenerations: [JSONValue]) -> String {
        let columns = ["Bucket", "State", "Done", "Total", "Derived", "Refused", "Waiting", "Skipped", "Reason"]
        let rows = regenerations.map { one in columns.map { one[$0].map(Terminal.harmless) ?? "-" } }
        return Terminal.table([columns.map { $0 == "Total" ? "OF" : $0.uppercased() }] + rows)
    }
}
