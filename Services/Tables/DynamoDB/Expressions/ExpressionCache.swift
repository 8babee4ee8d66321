import ServiceKit
import Synchronization

/// The syntax of the expressions used lately, by text: applications send the same few again and again.
///
/// Placeholders are no part of it, so one entry serves every value. Faults are not kept.
final class ExpressionCache: Sendable {
    private struct Key: Hashable {
        let kind: ExpressionKind
        let text: String
    }
    private struct Entry {
        let syntax: ExpressionSyntax
        var lastUse: UInt64
    }
    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 2048) { self.capacity = max(2, capacity) }

    var count: Int { state.withLock { $0.entries.count } }

    func condition(_ text: String, _ kind: ExpressionKind) throws(ServiceError) -> ConditionSyntax {
        let syntax = try syntax(of: text, kind) { (parser) throws(ServiceError) in
            let condition = try parser.parseCondition()
            try ConditionSyntaxChecks(kind: kind).check(condition)
            return .condition(condition)
        }
        guard case .condition(let condition) = syntax else { throw kind.fault("The expression can not be empty;") }
        return condition
    }

    func update(_ text: String) throws(ServiceError) -> [UpdateClauseSyntax] {
        let syntax = try syntax(of: text, .update) { (parser) throws(ServiceError) in
            .update(try parser.parseUpdate())
        }
        guard case .update(let clauses) = syntax else { return [] }
        return clauses
    }

    func projection(_ text: String) throws(ServiceError) -> [PathSyntax] {
        let syntax = try syntax(of: text, .projection) { (parser) throws(ServiceError) in
            .projection(try parser.parseProjection())
        }
        guard case .projection(let paths) = syntax else { return [] }
        return paths
    }

    private func syntax(
        of text: String, _ kind: ExpressionKind,
        parse: (inout ExpressionParser) throws(ServiceError) -> ExpressionSyntax
    ) throws(ServiceError) -> ExpressionSyntax {
        let key = Key(kind: kind, text: text)
        if let known = lookUp(key) { return known }
        var parser = try ExpressionParser(text, kind: kind)
        let syntax = try parse(&parser)
        keep(syntax, for: key)
        return syntax
    }

    private func lookUp(_ key: Key) -> ExpressionSyntax? {
        state.withLock { state in
            state.clock += 1
            let now = state.clock
            state.entries[key]?.lastUse = now
            return state.entries[key]?.syntax
        }
    }

    private func keep(_ syntax: ExpressionSyntax, for key: Key) {
        state.withLock { state in
            if state.entries.count >= capacity {
                // The older half goes at once: one sort in so many insertions.
                let uses = state.entries.values.map(\.lastUse).sorted()
                let middle = uses[uses.count / 2]
                state.entries = state.entries.filter { $0.value.lastUse > middle }
            }
            state.entries[key] = Entry(syntax: syntax, lastUse: state.clock)
        }
    }
}
