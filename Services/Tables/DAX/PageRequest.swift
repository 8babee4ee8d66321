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

/// One page of a list under its member's name.
struct ListOutput<Element: OutputShape>: OutputShape {
    let member: String
    let page: Page<Element>

    init(_ member: String, _ page: Page<Element>) {
        self.member = member
        self.page = page
    }

    /// All of it.
    init(_ member: String, all elements: [Element]) { self.init(member, Page(elements: elements, next: nil)) }

    func write(to json: inout JSONWriter) {
        json.member("NextToken", page.next)
        json.member(member, page.elements)
    }
}
