import ServiceKit

/// `x-amz-mfa`: the serial number of a device, a space, and the code it shows.
struct MFAClaim: Sendable, Equatable {
    /// Of the header: no serial number is longer than 256 letters.
    private static let limit = 300

    let serial: String
    let code: String

    /// `nil` for a request without it.
    ///
    /// - Throws: `InvalidArgument`
    init?(_ member: Members) throws {
        guard let header: String = try member("MFA") else { return nil }
        try self.init(header: header)
    }

    init(header: String) throws {
        let parts = header.split(separator: " ", omittingEmptySubsequences: false)
        guard header.utf8.count <= Self.limit, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw ServiceError.invalidArgument(
                "Mfa header is invalid -- the header should be formatted as {serialNumber}(space){tokenCode}",
                "x-amz-mfa", header)
        }
        (serial, code) = (String(parts[0]), String(parts[1]))
    }
}
