import ServiceKit

/// Adds and takes away the statements that `AddPermission` writes into a queue's policy.
struct QueuePolicy {
    private let queue: QueueAddress
    /// Version, id and statements as they stand; a fresh policy has AWS's default ones.
    private let header: [(name: String, json: [UInt8])]
    private var statements: [(label: String?, json: [UInt8])]

    init(of queue: QueueAddress, text: String?) throws {
        self.queue = queue
        guard let text else {
            header = [
                ("Version", Array(#""2008-10-17""#.utf8)),
                ("Id", Array("\"\(queue.arn)/SQSDefaultPolicy\"".utf8)),
            ]
            statements = []
            return
        }
        let policy = try JSONDocument(Array(text.utf8)).root
        header = policy.members.filter { $0.name != "Statement" }.map { ($0.name, Array($0.value.rawBytes)) }
        // A policy may hold one statement without a list around it.
        let list = policy["Statement"].map { $0.kind == .array ? Array($0.elements) : [$0] } ?? []
        statements = list.map { ($0["Sid"]?.string, Array($0.rawBytes)) }
    }

    mutating func allow(_ actions: [String], to accounts: [String], label: String) throws {
        guard !statements.contains(where: { $0.label == label }) else {
            throw ServiceError.invalidParameter("Label", label, because: "Already exists.")
        }
        guard actions.count <= 7 else { throw ServiceError.overLimit(actions: actions.count) }
        for action in actions where !QueuePolicy.actions.contains(action) {
            throw ServiceError.invalidParameter(
                "ActionName", "SQS:\(action)",
                because: "Please refer to the appropriate WSDL for a list of valid actions. ")
        }
        var json = JSONWriter()
        json.object { json in
            json.member("Sid", label)
            json.member("Effect", "Allow")
            json.member("Principal") { json in
                json.object { $0.member("AWS") { $0.oneOrMany(accounts.map { "arn:aws:iam::\($0):root" }) } }
            }
            json.member("Action") { $0.oneOrMany(actions.map { "SQS:\($0)" }) }
            json.member("Resource", queue.arn)
        }
        statements.append((label, json.bytes))
    }

    mutating func remove(label: String) throws {
        guard statements.contains(where: { $0.label == label }) else {
            throw ServiceError.invalidParameter("Label", label, because: "can't find label.")
        }
        statements.removeAll { $0.label == label }
    }

    /// `nil` when no statement is left.
    var text: String? {
        if statements.isEmpty { return nil }
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

    /// What may be granted; the rest is the owner's alone.
    private static let actions: Set<String> = [
        "*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl",
        "ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage", "SendMessage",
    ]
}

extension JSONWriter {
    /// A string for one element, a list for several: as policies are written.
    fileprivate mutating func oneOrMany(_ texts: [String]) {
        if texts.count == 1 { string(texts[0]) } else { value(texts) }
    }
}
