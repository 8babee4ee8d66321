import ServiceKit

/// One change of one item.
struct StreamRecord: Sendable {
    enum Event: String, Sendable {
        case insert = "INSERT"
        case modify = "MODIFY"
        case remove = "REMOVE"
    }

    /// Ascending in the order of commits; given by the storage.
    let sequence: Int64
    let time: Timestamp
    let event: Event
    /// Removed by the service because its time to live had run out.
    let isExpiry: Bool
    let keys: StoredItem
    let old: StoredItem?
    let new: StoredItem?
}

/// Sequence numbers as clients see them: decimal, at least 21 digits, compared as numbers.
enum SequenceNumber {
    static func text(_ sequence: Int64) -> String { sequence.digits(21) }

    static func number(_ text: String) -> Int64? {
        guard text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return Int64(text)
    }
}
