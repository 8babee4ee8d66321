import Bytes

/// What travels between header and body: a list of `tag u16 · length u32 · bytes`, little endian.
///
/// Unknown tags are skipped, so that an older peer understands a newer one.
struct Meta: Equatable, Sendable {
    enum Tag: UInt16 {
        case service = 1
        case operation = 2
        case caller = 3
        /// `name length u16 · name · value`
        case attribute = 4
        /// u64; absent where the sender does not know it
        case streamLength = 5
    }

    var service = ""
    var operation = ""
    var caller: [UInt8] = []
    var attributes: [BusAttribute] = []
    var streamLength: Int?
}

extension Meta {
    func encoded() -> [UInt8] {
        var writer = MetaWriter()
        writer.bytes.reserveCapacity(64 + caller.count + attributes.count * 32)
        if !service.isEmpty { writer.append(.service, service.utf8) }
        if !operation.isEmpty { writer.append(.operation, operation.utf8) }
        if !caller.isEmpty { writer.append(.caller, caller) }
        for attribute in attributes { writer.append(attribute) }
        if let streamLength { writer.append(.streamLength, littleEndianBytes(UInt64(clamping: streamLength))) }
        return writer.bytes
    }

    private func littleEndianBytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// - Throws: `BusError.protocolViolation` for bytes that end early, are no text where it is due, or exceed a limit.
    init(_ bytes: UnsafeRawBufferPointer, limits: BusLimits) throws(BusError) {
        guard bytes.count <= limits.metaBytes else { throw .protocolViolation("meta is too long") }
        var rest = bytes[...]
        var entries = 0
        while !rest.isEmpty {
            entries += 1
            guard entries <= limits.metaEntries else { throw .protocolViolation("meta has too many entries") }
            guard let tag = Self.number(from: &rest, as: UInt16.self),
                let length = Self.number(from: &rest, as: UInt32.self), Int(length) <= rest.count
            else { throw .protocolViolation("meta ends early") }
            let value = rest.prefix(Int(length))
            rest = rest.dropFirst(Int(length))
            if let tag = Tag(rawValue: tag) { try take(value, as: tag) }
        }
    }

    private mutating func take(_ value: Slice<UnsafeRawBufferPointer>, as tag: Tag) throws(BusError) {
        switch tag {
        case .service: service = try Self.text(value)
        case .operation: operation = try Self.text(value)
        case .caller: caller = [UInt8](value)
        case .attribute:
            var rest = value
            guard let length = Self.number(from: &rest, as: UInt16.self), Int(length) <= rest.count else {
                throw .protocolViolation("attribute ends early")
            }
            attributes.append(
                BusAttribute(try Self.text(rest.prefix(Int(length))), try Self.text(rest.dropFirst(Int(length)))))
        case .streamLength:
            var rest = value
            guard let length = Self.number(from: &rest, as: UInt64.self), rest.isEmpty, let exact = Int(exactly: length)
            else { throw .protocolViolation("malformed stream length") }
            streamLength = exact
        }
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) throws(BusError) -> String {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes).assumingMemoryBound(to: UInt8.self)
        guard let text = String(validUTF8: bytes) else { throw .protocolViolation("text is not UTF-8") }
        return text
    }

    private static func number<Number: FixedWidthInteger>(
        from rest: inout Slice<UnsafeRawBufferPointer>, as type: Number.Type
    ) -> Number? {
        let size = MemoryLayout<Number>.size
        guard rest.count >= size else { return nil }
        defer { rest = rest.dropFirst(size) }
        let bytes = UnsafeRawBufferPointer(rebasing: rest)
        return Number(littleEndian: bytes.loadUnaligned(as: Number.self))
    }
}

struct MetaWriter {
    var bytes: [UInt8] = []

    mutating func append(_ tag: Meta.Tag, _ value: some Collection<UInt8>) {
        appendNumber(tag.rawValue)
        appendNumber(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    /// A name longer than the format can say is cut.
    mutating func append(_ attribute: BusAttribute) {
        let name = attribute.name.utf8.prefix(Int(UInt16.max))
        appendNumber(Meta.Tag.attribute.rawValue)
        appendNumber(UInt32(2 + name.count + attribute.value.utf8.count))
        appendNumber(UInt16(name.count))
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: attribute.value.utf8)
    }

    private mutating func appendNumber<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
