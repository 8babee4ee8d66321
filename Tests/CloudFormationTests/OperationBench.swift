import ServiceKit
import TemplateLanguage
import TestSupport

@testable import CloudFormation

/// The operations on a store of their own, without the engine: what they begin stays begun.
struct OperationBench {
    let store: StackStore
    let host: TestHost

    static func with(
        authorizer: any Authorizer = AllowAll(), _ body: (OperationBench) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            var made: StackStore?
            func compose(_ host: ServiceHost) throws -> [AWSService] {
                let vault = StackVault(key: try MasterKey(in: host.configuration.dataDirectory))
                let store = StackStore(
                    database: try host.database("stacks.db", migrations: Schema.migrations), vault: vault,
                    pages: PageToken(key: [1], refusal: .invalidToken))
                made = store
                return [
                    AWSService(
                        "cloudformation", errors: .query, operations: CloudFormation.operations(store, host.client))
                ]
            }
            try await TestHost.with("stacks", folder: folder, authorizer: authorizer, compose) { host in
                guard let made else { return }
                try await body(OperationBench(store: made, host: host))
            }
        }
    }

    /// - Parameter input: members and values of the input; values that are JSON already begin with `{` or `[`.
    @discardableResult
    func call(_ operation: String, _ input: KeyValuePairs<String, String> = [:]) async throws -> JSONValue {
        try await call(operation, pairs: input.map { ($0.key, $0.value) })
    }

    @discardableResult
    func call(_ operation: String, pairs: [(String, String)]) async throws -> JSONValue {
        try await host.call("cloudformation", operation, Self.text(pairs))
    }

    func refusal(_ operation: String, _ input: KeyValuePairs<String, String> = [:]) async throws -> String? {
        let error = try await host.error(of: "cloudformation", operation, Self.text(input.map { ($0.key, $0.value) }))
        return error.map { "\($0.code) \($0.status): \($0.message)" }
    }

    private static func text(_ input: [(String, String)]) -> String {
        var json = JSONWriter()
        json.object { json in
            for (name, value) in input {
                if value == "true" || value == "false" || value.hasPrefix("[") {
                    json.member(name) { $0.raw(Array(value.utf8)) }
                } else {
                    json.member(name, value)
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A stack that is as its template says, every resource under the name `id-<logical ID>`.
    @discardableResult
    func put(
        _ name: String, _ template: String, parameters: [String: String] = [:], status: StackStatus = .createComplete,
        at time: Timestamp = .now()
    ) async throws -> Stack {
        let definition = StackDefinition(template: template, parameters: parameters)
        let call = Call(
            caller: .root(of: TestHost.account), service: "cloudformation", operation: "CreateStack",
            region: "us-east-1", account: TestHost.account, now: time, requestID: "", deadline: time + .seconds(60))
        var stack = Stack(name: name, definition: definition, status: status, in: call)
        stack.operation = StackOperation(
            .create, phase: .applying, goal: definition, clientToken: "first", in: call)
        let read = try Template(template)
        let given = parameters.map { GivenParameter($0.key, $0.value) }
        let evaluation = try Evaluation(
            read, parameters: try read.parameterValues(given, previous: [:]), pseudo: stack.pseudoParameters)
        let made = stack
        return try await store.write { snapshot in
            var stack = made
            var surroundings: [StackResource] = []
            try snapshot.record(StackEvent(of: stack, .createInProgress, nil, at: time), of: stack.id)
            for resource in evaluation.inOrder {
                let properties = try evaluation.properties(
                    of: resource, in: StackSurroundings(surroundings, exports: []))
                var row = StackResource(
                    resource.logicalID, resource.type, .createComplete, of: stack.operation?.id ?? "", at: time)
                row.state = ResourceGoal(resource, properties).state(
                    of: PhysicalResource("id-\(resource.logicalID)", attributes: ["Arn": .string("arn")]))
                surroundings.append(row)
                try snapshot.put(row, of: stack.id)
                try snapshot.record(
                    StackEvent(
                        of: row, properties: nil, clientToken: "first", physicalID: row.physicalID, at: time),
                    of: stack.id)
            }
            stack.outputs = try evaluation.outputs(in: StackSurroundings(surroundings, exports: []))
            try snapshot.setExports(stack.outputs, imports: [], of: stack)
            try snapshot.end(&stack, as: status, at: time)
            return stack
        }
    }
}

extension JSONValue {
    /// The elements of a member that is a list.
    func list(_ name: String) -> [JSONValue] { self[name]?.elements.map { $0 } ?? [] }

    /// The texts of a member in every element of a list.
    func texts(_ list: String, _ member: String) -> [String] { self.list(list).compactMap { $0[member]?.string } }

    /// A member that is a list of texts.
    func texts(_ list: String) -> [String] { self.list(list).compactMap(\.string) }
}
