import ServiceKit

/// Reads `{ … }`: comparisons and states, joined by `&&` and `||`, grouped by parentheses.
enum JSONConditionParser {
    /// Nesting beyond this is refused, so that a hostile pattern cannot exhaust the stack.
    private static let depthLimit = 32
    private static let stops = Array("})&|".utf8)

    static func parse(_ scanner: inout PatternScanner) throws -> JSONCondition {
        guard scanner.skip("{") else { throw fault("{ is missing") }
        let condition = try either(&scanner, depth: 0)
        guard scanner.skip("}") else { throw fault("} is missing") }
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw fault("there is text after }") }
        return condition
    }

    private static func either(_ scanner: inout PatternScanner, depth: Int) throws -> JSONCondition {
        guard depth < depthLimit else { throw fault("parentheses are nested too deeply") }
        var condition = try both(&scanner, depth: depth)
        while scanner.skip("||") { condition = .either(condition, try both(&scanner, depth: depth)) }
        return condition
    }

    private static func both(_ scanner: inout PatternScanner, depth: Int) throws -> JSONCondition {
        var condition = try single(&scanner, depth: depth)
        while scanner.skip("&&") { condition = .both(condition, try single(&scanner, depth: depth)) }
        return condition
    }

    private static func single(_ scanner: inout PatternScanner, depth: Int) throws -> JSONCondition {
        scanner.skipSpace()
        defer { scanner.skipSpace() }
        if scanner.skip("(") {
            let condition = try either(&scanner, depth: depth + 1)
            guard scanner.skip(")") else { throw fault(") is missing") }
            return condition
        }
        let selector = try selector(&scanner)
        scanner.skipSpace()
        if let state = try state(&scanner) { return .state(selector, state) }
        return .compare(selector, try ValueTest(&scanner, until: stops))
    }

    /// `IS NULL`, `IS TRUE`, `IS FALSE`, `EXISTS`, `NOT EXISTS`; `nil` before an operator.
    private static func state(_ scanner: inout PatternScanner) throws -> JSONCondition.State? {
        if scanner.skip("EXISTS") { return .exists }
        let isNegated = scanner.skip("NOT")
        guard isNegated || scanner.skip("IS") else { return nil }
        scanner.skipSpace()
        switch (isNegated, scanner.word(until: stops)) {
        case (true, "EXISTS"): return .notExists
        case (false, "NULL"): return .isNull
        case (false, "TRUE"): return .isTrue
        case (false, "FALSE"): return .isFalse
        default: throw fault("IS must be followed by NULL, TRUE or FALSE, NOT by EXISTS")
        }
    }

    /// `$.a.b[0]["c d"][*]`
    private static func selector(_ scanner: inout PatternScanner) throws -> JSONCondition.Selector {
        guard scanner.skip("$") else { throw fault("a selector begins with $") }
        var steps: [JSONCondition.Step] = []
        var text = "$"
        while let byte = scanner.peek, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
            if scanner.skip(".") {
                let name = scanner.word(until: Array(".[]=!<>(){}&|".utf8))
                guard !name.isEmpty else { throw fault("a name is missing after the dot") }
                steps.append(.member(name))
                text += ".\(name)"
            } else {
                let (step, written) = try bracketed(&scanner)
                steps.append(step)
                text += written
            }
        }
        return JSONCondition.Selector(text: text, steps: steps)
    }

    private static func bracketed(_ scanner: inout PatternScanner) throws -> (JSONCondition.Step, String) {
        _ = scanner.skip("[")
        let step: JSONCondition.Step
        let written: String
        if scanner.peek == UInt8(ascii: "\"") {
            written = try scanner.quoted()
            step = .member(written)
        } else {
            written = scanner.word(until: [UInt8(ascii: "]")])
            if written == "*" {
                step = .everyElement
            } else if let index = Int(written), (0...10_000).contains(index) {
                step = .element(index)
            } else {
                throw fault("[\(written)] is no element")
            }
        }
        guard scanner.skip("]") else { throw fault("] is missing") }
        return (step, "[\(written)]")
    }

    private static func fault(_ reason: String) -> ServiceError { .invalidFilterPattern(reason) }
}
