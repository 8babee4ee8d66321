import ServiceKit

/// What a write names: a whole item to put, or the key of another change.
enum ItemSubject: Sendable {
    case item(StoredItem)
    case key(AttributeMap)

    /// For those who look inside: policies.
    var attributes: AttributeMap {
        switch self {
        case .item(let item): item.ownAttributes
        case .key(let key): key
        }
    }

    /// DynamoDB's size of it.
    var size: Int {
        switch self {
        case .item(let item): item.ownSize
        case .key(let key): key.size
        }
    }
}

/// Of an item that this process encoded a moment ago, and no storage could damage.
extension StoredItem {
    var ownAttributes: AttributeMap { (try? attributes()) ?? AttributeMap() }
    var ownSize: Int { (try? size()) ?? 0 }

    /// - Throws: for more than DynamoDB takes.
    func checkSize() throws(ServiceError) {
        guard ownSize <= ItemLimits.itemSize else { throw .itemTooLarge }
    }
}
