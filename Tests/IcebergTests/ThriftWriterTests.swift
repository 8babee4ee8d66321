import Testing

@testable import Iceberg

/// Against the examples of
/// [the compact protocol](https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
@Suite struct ThriftWriterTests {
    @Test("Fields are told by the step from the one before, or by their own number")
    func fields() {
        let bytes = ThriftWriter.structure { thrift in
            thrift.field(1, Int32(1))
            thrift.field(3, true)
            thrift.field(20, false)
            thrift.field(21, Int64(-1))
        }
        #expect(bytes == [0x15, 0x02, 0x21, 0x02, 0x28, 0x16, 0x01, 0x00])
    }

    @Test("Numbers of either sign are short when they are small")
    func numbers() {
        var bytes: [UInt8] = []
        for number: Int64 in [0, -1, 1, 150, .max, .min] { bytes.appendZigzag(number) }
        let largest = Array(repeating: UInt8(0xFF), count: 9)
        #expect(bytes == [0, 1, 2, 0xAC, 0x02, 0xFE] + largest[1...] + [0x01] + largest + [0x01])
    }

    @Test("A list says its length in its first byte up to fourteen, and behind it from there on")
    func lists() {
        let short = ThriftWriter.structure { $0.field(1, numbers: [1, 2]) }
        #expect(short == [0x19, 0x25, 0x02, 0x04, 0x00])
        let long = ThriftWriter.structure { $0.field(1, texts: Array(repeating: "a", count: 15)) }
        #expect(long.prefix(3) == [0x19, 0xF8, 0x0F])
        #expect(long.count == 3 + 15 * 2 + 1)
    }
}
