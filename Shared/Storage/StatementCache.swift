/// The prepared statements of a connection, found by their text.
///
/// Most texts are literals, passed again and again: a text at the same address is the same text, and its bytes are
/// neither hashed nor compared.
final class StatementCache {
    /// A text seen lately. It is kept, so that no other text can come to lie at its address.
    private struct Place {
        let text: String
        let start: UnsafePointer<UInt8>
        let count: Int
        let statement: Statement
    }

    private static let limit = 256
    /// A power of two.
    private static let placeCount = 64

    private var statements: [String: Statement] = [:]
    private var places = [Place?](repeating: nil, count: placeCount)
    private var uses = 0

    subscript(text: String) -> Statement? {
        uses += 1
        guard let (start, count) = Self.address(of: text) else { return used(statements[text]) }
        let place = Self.place(of: start)
        if let known = places[place], known.start == start, known.count == count { return used(known.statement) }
        guard let statement = statements[text] else { return nil }
        places[place] = Place(text: text, start: start, count: count, statement: statement)
        return used(statement)
    }

    func keep(_ statement: Statement, for text: String) {
        statement.lastUse = uses
        if statements.count >= Self.limit { dropLeastRecent() }
        statements[text] = statement
    }

    func removeAll() {
        statements.removeAll()
        for index in places.indices { places[index] = nil }
    }

    private func used(_ statement: Statement?) -> Statement? {
        statement?.lastUse = uses
        return statement
    }

    private func dropLeastRecent() {
        let idle = statements.filter { !$0.value.isInUse }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        statements[oldest.key] = nil
        for index in places.indices where places[index]?.statement === oldest.value { places[index] = nil }
    }

    /// Where a text's bytes lie; `nil` for short ones, which have no place of their own.
    private static func address(of text: String) -> (start: UnsafePointer<UInt8>, count: Int)? {
        guard text.utf8.count > 15 else { return nil }
        let start = text.utf8.withContiguousStorageIfAvailable(\.baseAddress) ?? nil
        return start.map { ($0, text.utf8.count) }
    }

    private static func place(of start: UnsafePointer<UInt8>) -> Int {
        let bits = UInt(bitPattern: start)
        return Int((bits >> 4 ^ bits >> 10) & UInt(placeCount - 1))
    }
}
