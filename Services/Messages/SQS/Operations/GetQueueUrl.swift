import ServiceKit

/// Finds the URL of a queue by its name.
///
/// [API reference](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html)
struct GetQueueUrl: AWSOperation {
    struct Input: InputShape {
        let name: String
        let owner: String?

        init(_ member: Members) throws {
            name = try member("QueueName")
            owner = try member("QueueOwnerAWSAccountId")
        }

        func address(in call: Call) -> QueueAddress { QueueAddress(name: name, owner: owner, in: call) }
    }

    struct Output: OutputShape {
        let url: String
        func write(to json: inout JSONWriter) { json.member("QueueUrl", url) }
    }

    let queues: QueueStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await queues.permission(on: input.address(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(url: try await queues.queue(at: input.address(in: call)).address.url(in: call))
    }
}
