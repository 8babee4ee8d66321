/// An item as it is stored and, once somebody looks inside, as values. Lives within one transaction.
final class ItemVersion {
    let stored: StoredItem
    private var decoded: AttributeMap?

    /// - Parameter attributes: where they are known already.
    init(_ stored: StoredItem, _ attributes: AttributeMap? = nil) {
        self.stored = stored
        decoded = attributes
    }

    convenience init(_ attributes: AttributeMap) { self.init(StoredItem(attributes), attributes) }

    func attributes() throws -> AttributeMap {
        if let decoded { return decoded }
        let attributes = try stored.attributes()
        decoded = attributes
        return attributes
    }

    func size() throws -> Int { try stored.size() }
}
