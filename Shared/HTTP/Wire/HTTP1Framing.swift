import HTTPTypes

/// How a message's body is delimited, and what its fields say about the connection: RFC 9112 sections 6 and 9.
struct HTTP1Framing: Equatable {
    enum Body: Equatable {
        case length(Int)
        case chunked
        /// A response that ends with its connection.
        case untilClose
    }

    var contentLength: Int?
    var isChunked = false
    var hosts = 0
    var host = ""
    var connectionCloses = false
    var connectionKeepsAlive = false
    var connectionUpgrades = false
    var expectsContinue = false

    /// - Throws: for every field that two readers could understand differently.
    init(_ fields: HTTPFields) throws(HTTP1Fault) {
        for field in fields.fields {
            // The length tells most fields apart without comparing text.
            switch field.name.utf8.count {
            case 4 where field.name.equalsIgnoringCase("host"):
                hosts += 1
                host = field.value
            case 6 where field.name.equalsIgnoringCase("expect"):
                expectsContinue = field.value.equalsIgnoringCase("100-continue")
            case 10 where field.name.equalsIgnoringCase("connection"): readConnection(field.value)
            case 14 where field.name.equalsIgnoringCase("content-length"): try readLength(field.value)
            case 17 where field.name.equalsIgnoringCase("transfer-encoding"): try readCoding(field.value)
            default: break
            }
        }
        guard !(isChunked && contentLength != nil) else {
            throw .malformed("both Content-Length and Transfer-Encoding")
        }
    }

    private mutating func readConnection(_ value: String) {
        for option in value.utf8.split(separator: UInt8(ascii: ",")) {
            let option = String(Substring(option)).asciiLowercased.filter { $0 != " " && $0 != "\t" }
            switch option {
            case "close": connectionCloses = true
            case "keep-alive": connectionKeepsAlive = true
            case "upgrade": connectionUpgrades = true
            default: break
            }
        }
    }

    private mutating func readLength(_ value: String) throws(HTTP1Fault) {
        guard contentLength == nil else { throw .malformed("duplicate Content-Length") }
        let digits = value.utf8
        guard (1...18).contains(digits.count), digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            throw .malformed("invalid Content-Length")
        }
        contentLength = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private mutating func readCoding(_ value: String) throws(HTTP1Fault) {
        guard !isChunked else { throw .malformed("duplicate Transfer-Encoding") }
        guard value.equalsIgnoringCase("chunked") else { throw .unknownCoding }
        isChunked = true
    }
}
