import ServiceKit

/// How stacks are called.
enum StackName {
    static let limit = 128

    /// - Throws: `ValidationError`
    static func check(_ name: String) throws(ServiceError) {
        let text = Array(name.utf8)
        let isLetter = { (byte: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        let isWellFormed =
            text.first.map(isLetter) == true
            && text.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
        guard isWellFormed else {
            throw .validation(
                """
                1 validation error detected: Value '\(name)' at 'stackName' failed to satisfy constraint: Member must \
                satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*
                """)
        }
        guard text.count <= limit else {
            throw .validation(
                """
                1 validation error detected: Value '\(name)' at 'stackName' failed to satisfy constraint: Member must \
                have length less than or equal to \(limit)
                """)
        }
    }

    /// What policies name for a stack, given by its name or its ID.
    static func resource(_ name: String, in call: Call) -> String {
        if name.hasPrefix("arn:") { return name }
        return ARN("cloudformation", region: call.region, account: call.account, "stack/\(name)/*").description
    }
}
