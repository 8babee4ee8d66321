/// What was asked for on the command line.
struct Invocation: Equatable {
    enum Command: String, CaseIterable {
        case up, status, logs, env, mail, thumbnails, down, reset, help
    }

    struct Options: Equatable {
        var isDetached = false
        var isOpen = false
        var port: UInt16?
        var dataDirectory: String?
        var profile: String?
        var follows = false
        var service: String?
        var isConfirmed = false
        var recipient: String?
        /// The mail to show.
        var mailID: String?
        var thumbnails: Thumbnails.Request?
    }

    static let usage = """
        apus up [--detach] [--open] [--port PORT] [--data DIR]    start the stack and keep it running
        apus status                                               processes, health, restarts, memory
        apus logs [-f] [SERVICE]                                  what the processes said
        apus env [--profile NAME]                                 credentials, as exports or as an AWS profile
        apus mail [--to ADDRESS]                                  the mail that was sent, the newest first
        apus mail show ID                                         one mail as it is
        apus thumbnails [status]                                  buckets being derived anew, images that wait
        apus thumbnails regenerate BUCKET                         derive a bucket's thumbnails anew
        apus thumbnails cancel BUCKET                             stop that
        apus down                                                 stop the stack
        apus reset [--yes]                                        delete all data of a stopped stack

        --data DIR chooses the stack for every command; without it $APUS_DATA, or .apus in this folder.
        --open believes any credentials, for use on this machine only.
        """

    var command: Command
    var options = Options()

    /// - Throws: `UsageError`
    init(_ arguments: [String]) throws {
        guard let name = arguments.first else { throw UsageError("a command is missing") }
        guard let command = Command(rawValue: ["-h", "--help"].contains(name) ? "help" : name) else {
            throw UsageError("there is no command \(name)")
        }
        self.command = command
        var rest = arguments.dropFirst()
        while let argument = rest.popFirst() { try take(argument, &rest) }
    }

    private mutating func take(_ argument: String, _ rest: inout ArraySlice<String>) throws {
        switch (argument, command) {
        case ("--data", _): options.dataDirectory = try value(of: argument, &rest)
        case ("--detach", .up): options.isDetached = true
        case ("--open", .up): options.isOpen = true
        case ("--port", .up):
            guard let port = UInt16(try value(of: argument, &rest)), port > 0 else {
                throw UsageError("--port needs a number from 1 to 65535")
            }
            options.port = port
        case ("--profile", .env): options.profile = try profileName(value(of: argument, &rest))
        case ("-f", .logs), ("--follow", .logs): options.follows = true
        case ("--yes", .reset): options.isConfirmed = true
        case ("--to", .mail): options.recipient = try value(of: argument, &rest)
        case ("show", .mail) where options.mailID == nil: options.mailID = try value(of: argument, &rest)
        case (_, .thumbnails) where options.thumbnails == nil:
            options.thumbnails = try thumbnails(argument, &rest)
        case (_, .logs) where !argument.hasPrefix("-") && options.service == nil: options.service = argument
        default: throw UsageError("\(command.rawValue) does not understand \(argument)")
        }
    }

    private func thumbnails(_ action: String, _ rest: inout ArraySlice<String>) throws -> Thumbnails.Request {
        switch action {
        case "status": .status
        case "regenerate": .regenerate(bucket: try value(of: action, &rest))
        case "cancel": .cancel(bucket: try value(of: action, &rest))
        default: throw UsageError("thumbnails does not understand \(action)")
        }
    }

    private func value(of option: String, _ rest: inout ArraySlice<String>) throws -> String {
        guard let value = rest.popFirst(), !value.isEmpty else { throw UsageError("\(option) needs a value") }
        return value
    }

    /// The name becomes a section of two files.
    private func profileName(_ name: String) throws -> String {
        guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") })
        else { throw UsageError("\(name) cannot be the name of a profile") }
        return name
    }
}

/// The command line makes no sense.
struct UsageError: Error, Equatable {
    let problem: String
    init(_ problem: String) { self.problem = problem }
}
