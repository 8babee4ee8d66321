import ServiceKit

/// Pages of a hundred, as all of SNS's lists come.
struct PageRequest: Sendable {
    static let size = 100
    let nextToken: String?

    init(_ member: Members) throws { nextToken = try member("NextToken") }
}

extension PageToken {
    func page<Element>(
        _ request: PageRequest, scope: String, position: (Element) -> String,
        load: (_ after: String, _ limit: Int) async throws -> [Element]
    ) async throws -> Page<Element> {
        try await page(request.nextToken, limit: PageRequest.size, scope: scope, position: position, load: load)
    }
}
