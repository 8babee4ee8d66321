import ServiceKit

/// `Marker` and `MaxItems` of every list.
struct PageInput: Sendable {
    let marker: String?
    let limit: Int

    init(_ member: Members) throws {
        marker = try member("Marker")
        limit = min(max(try member("MaxItems") ?? 100, 1), 1000)
    }

    /// Where the page begins: behind this position; empty for the first.
    ///
    /// - Throws: `ValidationError` for a marker that no list of this scope gave.
    func start(of scope: String, sealedBy pages: PageToken) throws -> String {
        try pages.start(marker, scope: scope)
    }

    /// The page of a list that begins at its start and holds one item more than the page, if there are more.
    func page<Item>(
        window items: [Item], of scope: String, sealedBy pages: PageToken, position: (Item) -> String
    ) -> Page<Item> {
        pages.page(of: items, limit: limit, scope: scope, position: position)
    }

    /// The page of a whole list in its order.
    func page<Item>(
        whole items: [Item], of scope: String, sealedBy pages: PageToken, position: (Item) -> String
    ) throws -> Page<Item> {
        let start = try start(of: scope, sealedBy: pages)
        let first = start.isEmpty ? 0 : (items.firstIndex { position($0) == start } ?? items.count - 1) + 1
        return page(window: Array(items.dropFirst(first)), of: scope, sealedBy: pages, position: position)
    }
}

/// `{"Users": […], "IsTruncated": …, "Marker": …}`
struct PageOutput<Item: JSONWritable & Sendable>: OutputShape {
    let member: String
    let page: Page<Item>

    func write(to json: inout JSONWriter) {
        json.member(member, page.elements)
        json.member("IsTruncated", page.next != nil)
        json.member("Marker", page.next)
    }
}

/// `{"PolicyName": …, "PolicyArn": …}`
struct AttachedPolicyOutput: OutputShape {
    let arn: String

    func write(to json: inout JSONWriter) {
        json.member("PolicyName", String(arn.split(separator: "/").last ?? ""))
        json.member("PolicyArn", arn)
    }
}
