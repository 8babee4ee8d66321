import ServiceKit

/// Tries a filter pattern on messages and tells the values it names.
///
/// [API reference](https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html)
struct TestMetricFilter: AWSOperation {
    struct Input: InputShape {
        let pattern: String
        let messages: [String]

        init(_ member: Members) throws {
            pattern = try member("filterPattern")
            messages = try member("logEventMessages")
        }
    }

    struct Output: OutputShape {
        let matches: [Match]
        func write(to json: inout JSONWriter) { json.member("matches", matches) }
    }

    struct Match: OutputShape {
        let number: Int
        let message: String
        let values: [String: String]

        func write(to json: inout JSONWriter) {
            json.member("eventNumber", number)
            json.member("eventMessage", message)
            json.member("extractedValues", values)
        }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        let pattern = try FilterPattern(input.pattern)
        return Output(
            matches: input.messages.enumerated().compactMap { index, message in
                guard pattern.matches(message) else { return nil }
                return Match(number: index + 1, message: message, values: pattern.extractedValues(of: message))
            })
    }
}
