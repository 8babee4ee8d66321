import ServiceKit

extension TableDefinition {
    /// - Throws: for an empty value in an attribute of a key, of the table or of an index.
    func refuseEmptyKeys(in item: AttributeMap) throws(ServiceError) {
        if let (value, attribute) = schema.emptyKey(in: item) { throw .emptyKey(value, attribute) }
        for index in indexes {
            if let (value, attribute) = index.schema.emptyKey(in: item) {
                throw .emptyIndexKey(value, attribute, of: index.name)
            }
        }
    }
}

extension KeySchema {
    fileprivate func emptyKey(in item: AttributeMap) -> (AttributeValue, KeyAttribute)? {
        for attribute in attributes {
            guard let value = item[attribute.name], value.kind == attribute.kind, value.isEmptyKey else { continue }
            return (value, attribute)
        }
        return nil
    }
}
