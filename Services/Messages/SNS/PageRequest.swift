import ServiceKit

/// Pages of a hundred, as all of SNS's lists come.
struct PageRequest: Sendable {
    static let size = 100
    let nextToken: String?

    init(_ member: Members) throws { nextToken = try member("NextToken") }

    /// Where the page starts; `nil` for the first.
    func start(sealedBy pages: PageToken, scope: String) throws -> String? {
        guard let nextToken, !nextToken.isEmpty else { return nil }
        guard let start = pages.open(nextToken, scope: scope) else {
            throw ServiceError.invalidParameter("NextToken")
        }
        return start
    }
}

extension PageToken {
    /// The page, without the one element more that tells of another, and the token for that.
    func page<Element>(
        of elements: [Element], scope: String, position: (Element) -> String
    ) -> (elements: [Element], nextToken: String?) {
        let own = Array(elements.prefix(PageRequest.size))
        let hasMore = elements.count > own.count
        return (own, hasMore ? own.last.map { seal(position($0), scope: scope) } : nil)
    }
}
