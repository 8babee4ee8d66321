import ServiceKit
import Testing

@testable import DynamoDB

/// DynamoDB JSON to a value.
func value(_ json: String) throws -> AttributeValue {
    try AttributeValueReader.value(JSONDocument(Array(json.utf8)).root)
}

/// DynamoDB JSON to an item.
func item(_ json: String) throws -> AttributeMap {
    try AttributeValueReader.map(JSONDocument(Array(json.utf8)).root)
}

func number(_ text: String) throws -> DynamoDBNumber { try DynamoDBNumber(text) }

/// The message of the fault that `body` must throw.
func fault<Result>(_ body: () throws -> Result) -> String {
    do {
        _ = try body()
        return "no fault"
    } catch let error as any ServiceErrorConvertible {
        let error = error.serviceError
        return error.code == "SerializationException" ? "\(error.code): \(error.message)" : error.message
    } catch {
        return "\(error)"
    }
}

/// Reproducible randomness, so that a fuzz failure can be met again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }
    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
