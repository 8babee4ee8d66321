extension FunctionEvaluator {
    private static let maximumBlocks = 256

    mutating func blocks(_ parts: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        let block = try text(parts[0], or: .cidr)
        let count = try text(parts[1], or: .cidr)
        let bits = try text(parts[2], or: .cidr)
        guard let text = block.string, !count.isUnknown, !bits.isUnknown else { return .unknown }
        guard let block = AddressBlock(text) else { throw .function("invalid CIDR block \(text)") }
        guard let count = count.integer, (1...Self.maximumBlocks).contains(count) else {
            throw .function("Fn::Cidr requires a number of CIDR blocks between 1 and \(Self.maximumBlocks)")
        }
        guard let bits = bits.integer, (1...block.width).contains(bits),
            let blocks = block.blocks(count, hostBits: bits)
        else { throw .function("invalid CIDR block size \(bits.text ?? "")") }
        return .list(blocks.map { .string($0.text) })
    }
}
