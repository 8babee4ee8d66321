import ServiceKit

/// The rule for names: 1 to 80 letters, digits, hyphens and underscores, the suffix `.fifo` included.
enum QueueName {
    static func check(_ name: String, isFIFO: Bool) throws {
        let stem = isFIFO && name.hasSuffix(".fifo") ? name.dropLast(5) : name[...]
        guard isFIFO else {
            guard name.utf8.count <= 80, isIdentifier(stem) else {
                throw ServiceError.invalidParameter(
                    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
            }
            return
        }
        guard name.hasSuffix(".fifo"), name.utf8.count <= 80, isIdentifier(stem) else {
            throw ServiceError.invalidParameter(
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                    + "must end with .fifo suffix and be 1 to 80 in length")
        }
    }

    /// Also the alphabet of batch entry ids and permission labels.
    static func isIdentifier(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
