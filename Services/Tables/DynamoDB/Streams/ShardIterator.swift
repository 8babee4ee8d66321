import ServiceKit

/// Where a consumer reads on, as the opaque token it holds for a quarter of an hour.
struct ShardIterator: Sendable, Equatable {
    static let lifetime = Duration.seconds(15 * 60)
    private static let scope = "GetRecords"

    let stream: Int64
    /// Of the first record to read.
    let sequence: Int64
    let expiresAt: Timestamp

    func token(_ pages: PageToken) -> String {
        pages.seal("\(stream) \(sequence) \(expiresAt.milliseconds)", scope: Self.scope)
    }

    init(stream: Int64, sequence: Int64, expiresAt: Timestamp) {
        self.stream = stream
        self.sequence = sequence
        self.expiresAt = expiresAt
    }

    /// - Throws: for a token that was not made here.
    init(_ token: String, _ pages: PageToken) throws(ServiceError) {
        let numbers = pages.open(token, scope: Self.scope)?.split(separator: " ").compactMap { Int64($0) } ?? []
        guard numbers.count == 3 else { throw .validation("Invalid ShardIterator") }
        self.init(stream: numbers[0], sequence: numbers[1], expiresAt: Timestamp(milliseconds: numbers[2]))
    }
}
