import Bytes
import JSON
import Time

/// Writes JSON as CBOR (RFC 8949), guided by a shape.
struct CBORWriter {
    private(set) var bytes: [UInt8] = []
    private let model: ServiceModel

    init(_ model: ServiceModel) { self.model = model }

    mutating func write(_ value: JSONValue, _ shape: Shape) throws(WireFault) {
        switch (value.kind, shape.kind) {
        case (.null, _): bytes.append(0xf6)
        case (.bool, _): bytes.append(value.bool == true ? 0xf5 : 0xf4)
        case (.object, .structure): try writeStructure(value, shape)
        case (.object, .map): try writeMap(value, shape)
        case (.array, .list): try writeList(value, shape)
        case (.string, .blob): try writeBlob(value)
        case (.string, .float), (.string, .double): try writeFloat(named: value.string ?? "", shape)
        case (.string, _): write(text: value.string ?? "")
        case (.number, _): try writeNumber(value, shape)
        default: throw WireFault(.output, "a \(value.kind.rawValue) for \(shape.name)")
        }
    }

    mutating func writeError(_ error: DescribedError) {
        bytes.append(0xbf)
        write(text: "__type")
        write(text: error.shapeName)
        write(text: error.shape?.member(named: "Message") != nil ? "Message" : "message")
        write(text: error.error.message)
        for entry in error.memberEntries {
            guard let member = error.shape?.member(named: entry.name), !entry.value.isNull else { continue }
            let start = bytes.count
            write(text: entry.name)
            // A member that does not fit its shape is left out; the error itself must arrive.
            do { try write(entry.value, model[member.target]) } catch { bytes.removeSubrange(start...) }
        }
        bytes.append(0xff)
    }

    private mutating func writeStructure(_ value: JSONValue, _ shape: Shape) throws(WireFault) {
        bytes.append(0xbf)
        for entry in value.members where !entry.value.isNull {
            guard let member = entry.withNameBytes({ shape.member(nameBytes: $0) }) else { continue }
            write(text: member.name)
            try write(entry.value, model[member.target])
        }
        bytes.append(0xff)
    }

    private mutating func writeMap(_ value: JSONValue, _ shape: Shape) throws(WireFault) {
        guard let content = shape.value else { throw WireFault(.output, "\(shape.name) has no value") }
        bytes.append(0xbf)
        for entry in value.members {
            write(text: entry.name)
            try write(entry.value, model[content.target])
        }
        bytes.append(0xff)
    }

    private mutating func writeList(_ value: JSONValue, _ shape: Shape) throws(WireFault) {
        guard let element = shape.element else { throw WireFault(.output, "\(shape.name) has no member") }
        bytes.append(0x9f)
        for item in value.elements { try write(item, model[element.target]) }
        bytes.append(0xff)
    }

    private mutating func writeBlob(_ value: JSONValue) throws(WireFault) {
        let blob = try BlobText.bytes(of: value)
        writeHead(2, UInt64(blob.count))
        bytes += blob
    }

    private mutating func writeNumber(_ value: JSONValue, _ shape: Shape) throws(WireFault) {
        switch shape.kind {
        case .timestamp:
            bytes.append(0xc1)
            if let seconds = value.int64 { write(seconds) } else { write(double: value.double ?? 0) }
        case .float, .double: write(double: value.double ?? 0)
        default:
            guard let number = value.int64 else { return write(double: value.double ?? 0) }
            write(number)
        }
    }

    private mutating func writeFloat(named name: String, _ shape: Shape) throws(WireFault) {
        switch name {
        case "NaN": write(double: .nan)
        case "Infinity": write(double: .infinity)
        case "-Infinity": write(double: -.infinity)
        default: throw WireFault(.output, "text for \(shape.name)")
        }
    }

    private mutating func write(_ number: Int64) {
        if number >= 0 { writeHead(0, UInt64(number)) } else { writeHead(1, UInt64(-1 - number)) }
    }

    private mutating func write(double: Double) {
        bytes.append(0xfb)
        append(double.bitPattern, width: 8)
    }

    private mutating func write(text: String) {
        writeHead(3, UInt64(text.utf8.count))
        bytes += Array(text.utf8)
    }

    private mutating func writeHead(_ major: UInt8, _ value: UInt64) {
        switch value {
        case 0..<24: bytes.append(major << 5 | UInt8(value))
        case 24...0xff: appendHead(major, 24, value, width: 1)
        case 0x100...0xffff: appendHead(major, 25, value, width: 2)
        case 0x1_0000...0xffff_ffff: appendHead(major, 26, value, width: 4)
        default: appendHead(major, 27, value, width: 8)
        }
    }

    private mutating func appendHead(_ major: UInt8, _ information: UInt8, _ value: UInt64, width: Int) {
        bytes.append(major << 5 | information)
        append(value, width: width)
    }

    private mutating func append(_ value: UInt64, width: Int) {
        for byte in (0..<width).reversed() { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(byte * 8))) }
    }
}
