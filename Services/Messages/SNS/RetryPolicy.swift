import ServiceKit

/// When a delivery that failed is tried again.
///
/// [Reference](https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html)
struct RetryPolicy: Sendable, Equatable {
    enum Backoff: String, Sendable { case linear, arithmetic, geometric, exponential }

    var minDelaySeconds = 20
    var maxDelaySeconds = 20
    var retries = 3
    var noDelayRetries = 0
    var minDelayRetries = 0
    var maxDelayRetries = 0
    var backoff = Backoff.linear

    /// For what runs inside AWS, queues and functions: some 23 days.
    static let managed: RetryPolicy = {
        var policy = RetryPolicy()
        policy.minDelaySeconds = 1
        policy.retries = 100_015
        policy.noDelayRetries = 3
        policy.minDelayRetries = 2
        policy.maxDelayRetries = 100_000
        policy.backoff = .exponential
        return policy
    }()

    /// For mail: some six hours.
    static let email: RetryPolicy = {
        var policy = RetryPolicy()
        policy.minDelaySeconds = 10
        policy.maxDelaySeconds = 600
        policy.retries = 50
        policy.minDelayRetries = 2
        policy.maxDelayRetries = 38
        policy.backoff = .exponential
        return policy
    }()

    static let standardDocument = """
        {"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,\
        "numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},\
        "disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}
        """

    init() {}

    init(topicPolicy text: String, prefix: String = "") throws {
        let document = try RetryPolicy.parse(text, prefix)
        try self.init(document["http"]?["defaultHealthyRetryPolicy"], prefix)
    }

    init(subscriptionPolicy text: String, prefix: String = "") throws {
        try self.init(RetryPolicy.parse(text, prefix)["healthyRetryPolicy"], prefix)
    }

    /// How long to wait before retry `number`, counted from 1; `nil` when it is not to be tried any more.
    func delay(before number: Int) -> Duration? {
        guard number <= retries else { return nil }
        if number <= noDelayRetries { return .zero }
        if number <= noDelayRetries + minDelayRetries { return .seconds(minDelaySeconds) }
        let middle = retries - noDelayRetries - minDelayRetries - maxDelayRetries
        let position = number - noDelayRetries - minDelayRetries
        if position > middle { return .seconds(maxDelaySeconds) }
        return .milliseconds(Int64(1000 * backedOff(position, of: middle)))
    }

    /// Seconds between the least and the most, by the backoff function.
    private func backedOff(_ position: Int, of count: Int) -> Double {
        let span = Double(maxDelaySeconds - minDelaySeconds)
        let share = count <= 1 ? 1 : Double(position) / Double(count)
        return switch backoff {
        case .linear: Double(minDelaySeconds) + span * share
        case .arithmetic: Double(minDelaySeconds) + span * share * share
        case .geometric, .exponential: min(Double(maxDelaySeconds), Double(minDelaySeconds) * power(2, position))
        }
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        // Beyond this the most is reached anyway.
        (0..<min(exponent, 16)).reduce(1) { product, _ in product * base }
    }

    private static func parse(_ text: String, _ prefix: String) throws -> JSONValue {
        guard let document = try? JSONDocument(Array(text.utf8)).root, document.kind == .object else {
            throw ServiceError.invalidParameter("\(prefix)DeliveryPolicy: failed to parse JSON.")
        }
        return document
    }

    private init(_ values: JSONValue?, _ prefix: String) throws {
        guard let values else { return }
        func number(_ name: String, _ range: ClosedRange<Int>, _ fallback: Int) throws -> Int {
            guard let value = values[name] else { return fallback }
            guard let number = value.int64.map(Int.init), range.contains(number) else {
                throw ServiceError.invalidParameter(
                    "\(prefix)DeliveryPolicy: \(name) must be between \(range.lowerBound) and \(range.upperBound)")
            }
            return number
        }
        minDelaySeconds = try number("minDelayTarget", 1...3600, 20)
        maxDelaySeconds = try number("maxDelayTarget", minDelaySeconds...3600, max(20, minDelaySeconds))
        retries = try number("numRetries", 0...100, 3)
        noDelayRetries = try number("numNoDelayRetries", 0...retries, 0)
        minDelayRetries = try number("numMinDelayRetries", 0...retries, 0)
        maxDelayRetries = try number("numMaxDelayRetries", 0...retries, 0)
        if let name = values["backoffFunction"]?.string {
            guard let function = Backoff(rawValue: name) else {
                throw ServiceError.invalidParameter("\(prefix)DeliveryPolicy: backoffFunction is invalid")
            }
            backoff = function
        }
    }
}
