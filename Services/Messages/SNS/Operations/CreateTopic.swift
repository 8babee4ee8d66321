import ServiceKit

/// Creates a topic, or finds the one that has the same name and attributes.
///
/// [API reference](https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html)
struct CreateTopic: AWSOperation {
    struct Input: InputShape {
        let name: String
        let attributes: [String: String]
        let tags: [Tag]

        init(_ member: Members) throws {
            name = try member("Name")
            attributes = try member("Attributes") ?? [:]
            tags = try member("Tags") ?? []
        }

        func address(in call: Call) -> TopicAddress {
            TopicAddress(account: call.account, region: call.region, name: name)
        }
    }

    struct Output: OutputShape {
        let arn: ARN
        func write(to json: inout JSONWriter) { json.member("TopicArn", arn) }
    }

    let topics: TopicStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let arn = input.address(in: call).arn
        let creation = Permission(on: arn)
        return input.tags.isEmpty ? [creation] : [creation, Permission("sns:TagResource", on: arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let isFIFO = input.attributes["FifoTopic"]?.lowercased() == "true"
        try TopicName.check(input.name, isFIFO: isFIFO)
        try Tag.check(input.tags)
        var attributes = TopicAttributes()
        for (name, value) in input.attributes.sorted(by: { $0.key < $1.key }) {
            try attributes.set(name, value, prefix: "Attributes Reason: ")
        }
        let address = input.address(in: call)
        try await topics.change(address) { [attributes] transaction in
            if let topic = try transaction.topic(at: address) {
                return try check(topic, has: attributes, named: input.attributes.keys, input.tags, transaction)
            }
            let topic = try transaction.insertTopic(at: address, attributes, at: call.now)
            try transaction.setTags(input.tags, of: topic)
        }
        return Output(arn: address.arn)
    }

    private func check(
        _ topic: Topic, has attributes: TopicAttributes, named names: some Sequence<String>, _ tags: [Tag],
        _ transaction: Transaction
    ) throws {
        guard names.allSatisfy({ topic.attributes[$0] == attributes[$0] }) else {
            throw ServiceError.invalidParameter("Attributes Reason: Topic already exists with different attributes")
        }
        let own = Set(try transaction.tags(of: topic).map { Tag(key: $0.key, value: $0.value) })
        guard tags.isEmpty || own.isSuperset(of: tags) else {
            throw ServiceError.invalidParameter("Tags Reason: Topic already exists with different tags")
        }
    }
}
