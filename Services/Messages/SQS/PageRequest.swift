import ServiceKit

/// Which page of a list of queues is asked for.
struct PageRequest: Sendable {
    private static let most = 1000
    let maxResults: Int?
    let nextToken: String?

    init(_ member: Members) throws {
        maxResults = try member("MaxResults")
        nextToken = try member("NextToken")
    }

    var limit: Int { maxResults ?? PageRequest.most }

    /// The name after which the page starts.
    func start(sealedBy pages: PageToken, scope: String) throws -> String {
        if let maxResults, !(1...PageRequest.most).contains(maxResults) {
            throw ServiceError.invalidParameter(
                "Value for parameter MaxResults is invalid. Reason: "
                    + "MaxResults must be an integer between 1 and 1000")
        }
        guard let nextToken else { return "" }
        guard let start = pages.open(nextToken, scope: scope) else {
            throw ServiceError.invalidParameter("Invalid or expired next token.")
        }
        return start
    }

    /// - Parameter names: one more than the limit where there is another page.
    func page(of names: [String], in call: Call, sealedBy pages: PageToken, scope: String) -> Page {
        let own = names.prefix(limit)
        // AWS gives a token only to those who asked for pages.
        let hasMore = names.count > limit && maxResults != nil
        return Page(
            urls: own.map { QueueAddress(name: $0, in: call).url(in: call) },
            nextToken: hasMore ? own.last.map { pages.seal($0, scope: scope) } : nil)
    }
}

/// One page of queue URLs.
struct Page: Sendable {
    let urls: [String]
    let nextToken: String?
}
