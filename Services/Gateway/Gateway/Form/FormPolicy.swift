import ServiceKit

/// What the policy of a form allows.
///
/// [Reference](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)
struct FormPolicy {
    private enum Condition {
        case equals(field: String, String)
        case startsWith(field: String, String)

        var field: String {
            switch self {
            case .equals(let field, _), .startsWith(let field, _): field
            }
        }
    }

    private static let limits = JSONLimits(depth: 8, size: 20 << 10)
    /// Fields that a policy need not speak of.
    private static let exempt: Set<String> = ["x-amz-signature", "policy", "file", "awsaccesskeyid", "signature"]

    private let expiration: Timestamp
    private let conditions: [Condition]
    /// Bytes of the file.
    let sizes: ClosedRange<Int64>?

    /// - Throws: `FormError.badPolicy`
    init(base64 text: String) throws(FormError) {
        guard let bytes = Base64.decode(Array(text.utf8)),
            let root = try? JSONDocument(bytes, limits: Self.limits).root, root.kind == .object
        else { throw .badPolicy("Invalid JSON.") }
        guard let end = root["expiration"]?.string else { throw .badPolicy("Policy missing expiration.") }
        guard let expiration = Timestamp(iso8601: end) else { throw .badPolicy("Invalid 'expiration' value: '\(end)'") }
        guard let list = root["conditions"], list.kind == .array else { throw .badPolicy("Policy missing conditions.") }
        self.expiration = expiration
        var conditions: [Condition] = []
        var sizes: ClosedRange<Int64>?
        for item in list.elements {
            switch item.kind {
            case .object: conditions += try Self.equalities(item)
            case .array: conditions += try Self.condition(Array(item.elements), &sizes)
            default: throw .badPolicy("Invalid Simple-Condition")
            }
        }
        (self.conditions, self.sizes) = (conditions, sizes)
    }

    private static func equalities(_ item: JSONValue) throws(FormError) -> [Condition] {
        var conditions: [Condition] = []
        guard item.members.map({ _ in 1 }).count == 1 else {
            throw .badPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
        }
        for member in item.members {
            guard let value = member.value.string else {
                throw .badPolicy("Invalid Simple-Condition: value must be a string.")
            }
            conditions.append(.equals(field: member.name.lowercased(), value))
        }
        return conditions
    }

    /// `["starts-with", "$key", "photos/"]`; none for the range of lengths, which is no matter of fields.
    private static func condition(
        _ item: [JSONValue], _ sizes: inout ClosedRange<Int64>?
    ) throws(FormError) -> [Condition] {
        guard item.count == 3, let operation = item[0].string?.lowercased() else {
            throw .badPolicy("Invalid Condition: must have three elements.")
        }
        if operation == "content-length-range" {
            sizes = try range(item[1], item[2], within: sizes ?? 0...Int64.max)
            return []
        }
        guard let name = item[1].string, name.hasPrefix("$"), let value = item[2].string else {
            throw .badPolicy("Invalid Condition: must name a field with '$' and a value.")
        }
        let field = name.dropFirst().lowercased()
        switch operation {
        case "eq": return [.equals(field: field, value)]
        case "starts-with": return [.startsWith(field: field, value)]
        default: throw .badPolicy("Invalid Condition: unknown operation '\(operation)'.")
        }
    }

    /// Of several ranges all hold.
    private static func range(
        _ least: JSONValue, _ most: JSONValue, within other: ClosedRange<Int64>
    ) throws(FormError) -> ClosedRange<Int64> {
        guard let least = number(least), let most = number(most),
            max(least, other.lowerBound) <= min(most, other.upperBound)
        else { throw .badPolicy("Invalid content-length-range.") }
        return max(least, other.lowerBound)...min(most, other.upperBound)
    }

    private static func number(_ value: JSONValue) -> Int64? { value.int64 ?? value.string.flatMap { Int64($0) } }

    /// - Parameter fields: by name in lower case, `bucket` among them.
    /// - Throws: `FormError.denied`
    func check(_ fields: [String: String], now: Timestamp) throws(FormError) {
        guard now < expiration else { throw .denied("Policy expired.") }
        for condition in conditions {
            let value = fields[condition.field] ?? ""
            switch condition {
            case .equals(let field, let wanted) where value != wanted:
                throw .denied("Policy Condition failed: [\"eq\", \"$\(field)\", \"\(wanted)\"]")
            case .startsWith(let field, let wanted) where !value.utf8.starts(with: wanted.utf8):
                throw .denied("Policy Condition failed: [\"starts-with\", \"$\(field)\", \"\(wanted)\"]")
            case .equals, .startsWith: continue
            }
        }
        let named = Set(conditions.map(\.field))
        let extra = fields.keys.filter { name in
            !named.contains(name) && !Self.exempt.contains(name) && !name.hasPrefix("x-ignore-") && name != "bucket"
        }
        if !extra.isEmpty { throw .denied("Extra input fields: \(extra.sorted().joined(separator: ", "))") }
    }
}
