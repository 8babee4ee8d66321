import ServiceKit

/// `MaxResults` and `NextToken`, as all lists of DAX take them.
struct PageRequest: Sendable {
    private static let range = 20...100

    private let maxResults: Int?
    let token: String?

    init(_ member: Members) throws {
        maxResults = try member("MaxResults")
        token = try member("NextToken")
    }

    /// - Throws: `InvalidParameterValueException`
    var limit: Int {
        get throws(ServiceError) {
            guard let maxResults else { return Self.range.upperBound }
            guard Self.range.contains(maxResults) else {
                throw .invalidParameterValue("The value for MaxResults must be between 20 and 100.")
            }
            return maxResults
        }
    }
}

extension PageRequest {
    /// For lists that are never longer than a page.
    func requireFirst() throws(ServiceError) {
        _ = try limit
        guard token == nil else { throw .invalidParameterValue("The NextToken is not valid.") }
    }
}
