import Glibc
import ServiceKit

/// The `apus` command.
public enum Launcher {
    /// Obeys the command line, and exits.
    public static func main() async -> Never {
        do {
            exit(try await run(Array(CommandLine.arguments.dropFirst())))
        } catch let error as UsageError {
            Terminal.complain("apus: \(error.problem)\n\n\(Invocation.usage)")
            exit(64)
        } catch {
            Terminal.complain("apus: \(error)")
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws -> Int32 {
        let invocation = try Invocation(arguments)
        let stack = try Stack(invocation.options)
        switch invocation.command {
        case .up: return try Up(stack: stack, options: invocation.options).run()
        case .status: return try await Status(stack: stack).run()
        case .logs: return try Logs(stack: stack, options: invocation.options).run()
        case .env: return try Environment(stack: stack, options: invocation.options).run()
        case .mail: return try await Mail(stack: stack, options: invocation.options).run()
        case .thumbnails: return try await Thumbnails(stack: stack, options: invocation.options).run()
        case .down: return try Down(stack: stack).run()
        case .reset: return try Reset(stack: stack, options: invocation.options).run()
        case .help:
            Terminal.say(Invocation.usage)
            return 0
        }
    }
}
