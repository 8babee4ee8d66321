import ServiceKit

extension AttributeValue {
    /// The set of these elements: strings, numbers or binaries, all of one type and each once.
    static func set(of elements: [AttributeValue]) throws(ServiceError) -> AttributeValue {
        guard let first = elements.first else { throw .invalidParameter("An string set  may not be empty") }
        var seen: Set<AttributeValue> = []
        for element in elements {
            guard element.kind == first.kind, element.kind.isScalarKey else {
                throw .invalidParameter("Sets can only hold strings, numbers or binaries of one type")
            }
            guard seen.insert(element).inserted else {
                let texts = elements.compactMap { if case .string(let text) = $0 { text.string } else { nil } }
                let list = texts.isEmpty ? "" : " [\(texts.joined(separator: ", "))]"
                throw .invalidParameter("Input collection\(list) contains duplicates.")
            }
        }
        switch first.kind {
        case .string:
            return .stringSet(elements.compactMap { if case .string(let text) = $0 { text } else { nil } }.sorted())
        case .number:
            return .numberSet(
                elements.compactMap { if case .number(let number) = $0 { number } else { nil } }.sorted())
        default:
            let blobs = elements.compactMap { if case .binary(let bytes) = $0 { bytes } else { nil } }
            return .binarySet(blobs.sorted(by: ByteOrder.isOrdered))
        }
    }
}
