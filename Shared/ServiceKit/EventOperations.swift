/// The bus side of an owner's event logs: subscribers of other executables read and acknowledge by these.
struct ReadEvents: AWSOperation {
    struct Input: InputShape {
        let log: String
        let after: EventCursor?
        let types: [String]?
        let limit: Int

        init(_ member: Members) throws {
            log = try member("Log")
            after = try member("After")
            types = try member("Types")
            limit = min(max(try member("Limit") ?? 100, 1), 1000)
        }
    }

    struct Output: OutputShape {
        let page: EventPage

        func write(to json: inout JSONWriter) {
            json.member("Events", page.events)
            json.member("Through", page.through)
        }
    }

    let logs: EventLogs

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let log = try logs[input.log]
        return Output(
            page: try await log.read(after: input.after, types: input.types.map { Set($0) }, limit: input.limit))
    }
}

struct AcknowledgeEvents: AWSOperation {
    struct Input: InputShape {
        let log: String
        let subscriber: String
        let cursor: EventCursor

        init(_ member: Members) throws {
            log = try member("Log")
            subscriber = try member("Subscriber")
            cursor = try member("Cursor")
        }
    }

    let logs: EventLogs

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        try await logs[input.log].acknowledge(input.cursor, by: input.subscriber)
        return NoOutput()
    }
}

extension EventCursor: InputShape, OutputShape {
    public init(_ member: Members) throws {
        self.init(log: try member("Log"), position: try member("Position"))
    }

    public func write(to json: inout JSONWriter) {
        json.member("Log", log)
        json.member("Position", position)
    }
}

extension RecordedEvent: InputShape, OutputShape {
    public init(_ member: Members) throws {
        let body: JSONValue = try member("Body")
        self.init(
            position: try member("Position"), type: try member("Type"), key: try member("Key"),
            time: try member("Time"), body: Array(body.rawBytes))
    }

    public func write(to json: inout JSONWriter) {
        json.member("Position", position)
        json.member("Type", type)
        json.member("Key", key)
        json.member("Time", time)
        json.member("Body") { $0.raw(body) }
    }
}
