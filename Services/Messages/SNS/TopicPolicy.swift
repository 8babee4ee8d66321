import ServiceKit

/// The policy of a topic as `AddPermission` and `RemovePermission` edit it.
struct TopicPolicy {
    private let topic: TopicAddress
    private let header: [(name: String, json: [UInt8])]
    private var statements: [(label: String?, json: [UInt8])]

    init(of topic: TopicAddress, text: String?) throws {
        self.topic = topic
        let policy = try JSONDocument(Array((text ?? TopicPolicy.standard(of: topic)).utf8)).root
        header = policy.members.filter { $0.name != "Statement" }.map { ($0.name, Array($0.value.rawBytes)) }
        let list = policy["Statement"].map { $0.kind == .array ? Array($0.elements) : [$0] } ?? []
        statements = list.map { ($0["Sid"]?.string, Array($0.rawBytes)) }
    }

    mutating func allow(_ actions: [String], to accounts: [String], label: String) throws {
        guard !statements.contains(where: { $0.label == label }) else {
            throw ServiceError.invalidParameter("Statement already exists")
        }
        guard actions.allSatisfy(TopicPolicy.actions.contains) else {
            throw ServiceError.invalidParameter("Policy statement action out of service scope!")
        }
        var json = JSONWriter()
        json.object { json in
            json.member("Sid", label)
            json.member("Effect", "Allow")
            let principals = accounts.map { "arn:aws:iam::\($0):root" }
            json.member("Principal") { json in
                json.object { json in
                    json.member("AWS") { principals.count == 1 ? $0.string(principals[0]) : $0.value(principals) }
                }
            }
            let names = actions.map { "SNS:\($0)" }
            json.member("Action") { names.count == 1 ? $0.string(names[0]) : $0.value(names) }
            json.member("Resource", topic.arn)
        }
        statements.append((label, json.bytes))
    }

    mutating func remove(label: String) { statements.removeAll { $0.label == label } }

    var text: String {
        var json = JSONWriter()
        json.object { json in
            for member in header { json.member(member.name) { $0.raw(member.json) } }
            json.member("Statement") { json in
                json.array { json in
                    for statement in statements { json.raw(statement.json) }
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// What a topic without a policy of its own shows: everything for its owner.
    static func standard(of topic: TopicAddress) -> String {
        """
        {"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID",\
        "Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes",\
        "SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","SNS:ListSubscriptionsByTopic",\
        "SNS:Publish"],"Resource":"\(topic.arn)","Condition":{"StringEquals":{"AWS:SourceOwner":"\(topic.account)"}}}]}
        """
    }

    private static let actions: Set<String> = [
        "AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "ListTagsForResource",
        "Publish", "PublishBatch", "Receive", "RemovePermission", "SetTopicAttributes", "Subscribe", "TagResource",
        "UntagResource",
    ]
}
