import JSON

/// Reads a tree of query parameters as JSON, guided by a shape.
struct QueryReader {
    let model: ServiceModel
    let isEC2: Bool
    private let scalars = ScalarText.queryOrXML

    init(_ model: ServiceModel, isEC2: Bool) {
        self.model = model
        self.isEC2 = isEC2
    }

    func read(_ tree: QueryTree, as shape: Shape) throws(WireFault) -> [UInt8] {
        var json = JSONWriter()
        try writeStructure(tree, shape, to: &json)
        return json.bytes
    }

    private func write(_ tree: QueryTree, _ member: Member, to json: inout JSONWriter) throws(WireFault) {
        let shape = model[member.target]
        switch shape.kind {
        case .structure: try writeStructure(tree, shape, to: &json)
        case .list: try writeList(tree, member, shape, to: &json)
        case .map: try writeMap(tree, member, shape, to: &json)
        default: try scalars.write(tree.value ?? "", member, shape, to: &json)
        }
    }

    private func writeStructure(_ tree: QueryTree, _ shape: Shape, to json: inout JSONWriter) throws(WireFault) {
        try json.object { (json: inout JSONWriter) throws(WireFault) in
            for member in shape.members {
                guard let child = child(of: tree, for: member) else { continue }
                json.name(member.name)
                try write(child, member, to: &json)
            }
        }
    }

    private func writeList(_ tree: QueryTree, _ member: Member, _ shape: Shape, to json: inout JSONWriter)
        throws(WireFault)
    {
        guard let element = shape.element else { return json.array { _ in } }
        let isFlat = isEC2 || shape.traits.isFlattened || member.traits.isFlattened
        let items = isFlat ? tree : tree[element.locationName ?? "member"] ?? tree["member"] ?? QueryTree()
        try json.array { (json: inout JSONWriter) throws(WireFault) in
            for item in items.numbered { try write(item, element, to: &json) }
        }
    }

    private func writeMap(_ tree: QueryTree, _ member: Member, _ shape: Shape, to json: inout JSONWriter)
        throws(WireFault)
    {
        guard let key = shape.key, let content = shape.value else { return json.object { _ in } }
        let isFlat = shape.traits.isFlattened || member.traits.isFlattened
        let entries = isFlat ? tree : tree["entry"] ?? QueryTree()
        try json.object { (json: inout JSONWriter) throws(WireFault) in
            for entry in entries.numbered {
                guard let name = entry[key.locationName ?? "key"]?.value else {
                    throw WireFault(.invalidValue, "a map entry of \(member.name) has no key")
                }
                json.name(name)
                try write(entry[content.locationName ?? "value"] ?? QueryTree(), content, to: &json)
            }
        }
    }

    private func child(of tree: QueryTree, for member: Member) -> QueryTree? {
        tree[isEC2 ? member.queryName ?? member.wireName.capitalizedFirst : member.wireName]
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
