/// One page of a list under its member's name, and `NextToken`.
public struct ListOutput<Element: OutputShape>: OutputShape {
    private let member: String
    private let page: Page<Element>

    public init(_ member: String, _ page: Page<Element>) {
        self.member = member
        self.page = page
    }

    /// All of it.
    public init(_ member: String, all elements: [Element]) { self.init(member, Page(elements: elements, next: nil)) }

    public func write(to json: inout JSONWriter) {
        json.member("NextToken", page.next)
        json.member(member, page.elements)
    }
}
