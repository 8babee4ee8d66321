import ServiceKit

/// Answers AWS's quotas of capacity for an account and for a table.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html)
struct DescribeLimits: AWSOperation {
    typealias Input = NoInput

    struct Output: OutputShape {
        func write(to json: inout JSONWriter) {
            json.member("AccountMaxReadCapacityUnits", 80000)
            json.member("AccountMaxWriteCapacityUnits", 80000)
            json.member("TableMaxReadCapacityUnits", 40000)
            json.member("TableMaxWriteCapacityUnits", 40000)
        }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) -> Output { Output() }
}
