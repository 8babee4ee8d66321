import ServiceKit

/// Answers the address the client is speaking to already.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html)
struct DescribeEndpoints: AWSOperation {
    typealias Input = NoInput

    struct Output: OutputShape {
        let address: String

        func write(to json: inout JSONWriter) {
            json.member("Endpoints") { json in
                json.array { json in
                    json.object { json in
                        json.member("Address", address)
                        json.member("CachePeriodInMinutes", 1440)
                    }
                }
            }
        }
    }

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) -> Output {
        let endpoint = call.source.endpoint
        // Without the scheme, as AWS answers.
        let address = endpoint.split(separator: "/", omittingEmptySubsequences: true).last
        return Output(address: address.map(String.init) ?? endpoint)
    }
}
