import HTTPTypes

/// A query protocol's parameters as a tree: `Tags.member.1.Key=a` is four steps down.
struct QueryTree {
    private(set) var value: String?
    private(set) var children: [String: QueryTree] = [:]
    private static let parameterLimit = 20_000
    private static let depthLimit = 40

    /// `Action` of the body or, where that has none, of the URI's query.
    static func action(of request: WireRequest) -> String? {
        if let action = request.query.first(where: { $0.name == "Action" })?.value { return action }
        // The action stands first in what SDKs send; the whole body is parsed only for others.
        let head = QueryItem.parse(request.body.prefix(256))
        if let first = head.first, first.name == "Action", request.body.count <= 256 || head.count > 1 {
            return first.value
        }
        return QueryItem.parse(request.body).first { $0.name == "Action" }?.value
    }

    init() {}

    /// - Throws: `WireFault` past the limits.
    init(_ request: WireRequest) throws(WireFault) {
        let items = request.query + QueryItem.parse(request.body)
        guard items.count <= QueryTree.parameterLimit else { throw WireFault(.tooLarge, "too many parameters") }
        for item in items {
            let path = item.name.split(separator: ".", omittingEmptySubsequences: false)
            guard path.count <= QueryTree.depthLimit else { throw WireFault(.tooLarge, "parameter nested too deeply") }
            insert(item.value, at: path[...])
        }
    }

    subscript(name: String) -> QueryTree? { children[name] }

    /// Children whose names are numbers, in their order.
    var numbered: [QueryTree] {
        children.compactMap { name, child in Int(name).map { ($0, child) } }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    private mutating func insert(_ value: String, at path: ArraySlice<Substring>) {
        guard let first = path.first else {
            self.value = value
            return
        }
        children[String(first), default: QueryTree()].insert(value, at: path.dropFirst())
    }
}
