import ServiceKit

/// How a request names a function: name, account and name, or ARN, each with a version or alias behind it.
struct FunctionName: Sendable, Hashable, MemberValue {
    let account: String?
    let region: String?
    let name: String
    let qualifier: String?

    init(json value: JSONValue) throws {
        guard let name = FunctionName(try String(json: value)) else {
            throw MemberError.invalid("not a function name or ARN")
        }
        self = name
    }

    /// `thumbnails`, `thumbnails:PROD`, `123456789012:function:thumbnails`, `arn:aws:lambda:…:function:thumbnails:7`.
    init?(_ text: String) {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var place: (region: String?, account: String?) = (nil, nil)
        if parts.first == "arn" {
            guard parts.count >= 7, parts[2] == "lambda", parts[5] == "function" else { return nil }
            place = (parts[3], parts[4])
            parts.removeFirst(6)
        } else if parts.count >= 3, parts[1] == "function" {
            place.account = parts[0]
            parts.removeFirst(2)
        } else if parts.count >= 2, parts[0] == "function" {
            parts.removeFirst()
        }
        guard (1...2).contains(parts.count), Self.isName(parts[0]), parts.count == 1 || !parts[1].isEmpty else {
            return nil
        }
        (region, account, name) = (place.region, place.account, parts[0])
        qualifier = parts.count == 2 ? parts[1] : nil
    }

    private static func isName(_ text: String) -> Bool {
        (1...140).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x5F
            }
    }

    /// The function it means, in the caller's account and region where it does not say.
    func key(in call: Call) -> FunctionKey {
        FunctionKey(account: account ?? call.account, region: region ?? call.region, name: name)
    }
}

/// One function, all versions.
struct FunctionKey: Sendable, Hashable {
    let account: String
    let region: String
    let name: String

    var arn: ARN { ARN("lambda", region: region, account: account, "function:\(name)") }

    /// With a version or alias behind it; `nil` is the function itself.
    func arn(_ qualifier: String?) -> ARN {
        guard let qualifier else { return arn }
        return ARN("lambda", region: region, account: account, "function:\(name):\(qualifier)")
    }
}
