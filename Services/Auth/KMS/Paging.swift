import ServiceKit

/// `Limit` and `Marker` of every list.
struct PageInput: Sendable {
    let marker: String?
    let limit: Int

    init(_ member: Members, default limit: Int, maximum: Int) throws {
        marker = try member("Marker")
        self.limit = min(try member("Limit") ?? limit, maximum)
    }

    /// The page of what `load` answers behind a position.
    func page<Element>(
        scope: String, sealedBy pages: PageToken, position: (Element) -> String,
        load: (_ after: String, _ limit: Int) async throws -> [Element]
    ) async throws -> Page<Element> {
        try await pages.page(marker, limit: limit, scope: scope, position: position, load: load)
    }
}

/// `{"Keys": […], "Truncated": …, "NextMarker": …}`
struct PageOutput<Item: JSONWritable & Sendable>: OutputShape {
    let member: String
    let page: Page<Item>

    func write(to json: inout JSONWriter) {
        json.member(member, page.elements)
        json.member("Truncated", page.next != nil)
        json.member("NextMarker", page.next)
    }
}
