/// A part of a list that was read whole: of backups, exports, imports.
struct ListPart<Element> {
    let elements: [Element]
    /// The last element's position, if more follows.
    let next: String?

    /// - Parameter start: the position of the element behind which it begins; `nil` for the list's first part.
    /// - Returns: `nil` where no element has that position.
    init?(of list: [Element], after start: String?, limit: Int, position: (Element) -> String) {
        var rest = list[...]
        if let start {
            guard let index = list.firstIndex(where: { position($0) == start }) else { return nil }
            rest = list[(index + 1)...]
        }
        elements = Array(rest.prefix(limit))
        next = elements.count < rest.count ? elements.last.map(position) : nil
    }
}
