import CNGHTTP2

/// Header fields as nghttp2 takes them: it copies them within the call.
enum HTTP2Fields {
    static func with(_ fields: [(name: String, value: String)], _ use: (UnsafePointer<nghttp2_nv>?) -> Void) {
        var text: [UInt8] = []
        for field in fields {
            text.append(contentsOf: field.name.utf8)
            text.append(contentsOf: field.value.utf8)
        }
        text.withUnsafeMutableBufferPointer { text in
            var offset = 0
            func take(_ count: Int) -> UnsafeMutablePointer<UInt8>? {
                defer { offset += count }
                return text.baseAddress.map { $0 + offset }
            }
            let names = fields.map { field in
                let nameCount = field.name.utf8.count
                let valueCount = field.value.utf8.count
                return nghttp2_nv(
                    name: take(nameCount), value: take(valueCount), namelen: nameCount, valuelen: valueCount,
                    flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
            }
            names.withUnsafeBufferPointer { use($0.baseAddress) }
        }
    }
}
