import COpenSSL

/// OpenSSL's callbacks for ALPN, in our order of preference.
enum ProtocolChoice {
    typealias Callback =
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?,
            UnsafePointer<UInt8>?, UInt32, UnsafeMutableRawPointer?
        ) -> Int32

    static let http2: Callback = { _, out, outCount, offered, count, _ in
        choose("h2", out, outCount, offered, count) ?? choose("http/1.1", out, outCount, offered, count)
            ?? SSL_TLSEXT_ERR_NOACK
    }

    static let http1: Callback = { _, out, outCount, offered, count, _ in
        choose("http/1.1", out, outCount, offered, count) ?? SSL_TLSEXT_ERR_NOACK
    }

    private static func choose(
        _ name: StaticString, _ out: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
        _ outCount: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ count: UInt32
    ) -> Int32? {
        let offered = UnsafeBufferPointer(start: offered, count: Int(count))
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        var index = 0
        while index < offered.count {
            let length = Int(offered[index])
            guard index + 1 + length <= offered.count else { return nil }
            let candidate = UnsafeBufferPointer(rebasing: offered[(index + 1)..<(index + 1 + length)])
            if candidate.elementsEqual(wanted) {
                out?.pointee = candidate.baseAddress
                outCount?.pointee = UInt8(length)
                return SSL_TLSEXT_ERR_OK
            }
            index += 1 + length
        }
        return nil
    }
}
