/// A parsed policy document.
public struct Policy: Sendable {
    public static func parse(_ json: [UInt8]) throws -> Policy { Policy() }
}
