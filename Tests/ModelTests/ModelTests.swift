import APIGateway
import AWSModel
import CloudFormation
import CloudWatchLogs
import CognitoIdentityPools
import CognitoUserPools
import DAX
import DynamoDB
import IAM
import KMS
import Lambda
import S3
import SES
import SNS
import SQS
import STS
import ServiceKit
import Synchronization
import TestSupport
import Testing

/// What every service says of itself, held against AWS's model of it.
@Suite struct ModelTests {
    private let library: ModelLibrary

    init() throws { library = try ModelLibrary.installed() }

    @Test("Every operation is one of the model's, and reads no member the model does not have")
    func operationsAndMembers() async throws {
        try await Self.withServices { services in
            for service in services where library.index[service.name] != nil {
                let model = try library.model(service.name)
                for operation in service.operations {
                    let name = type(of: operation).name
                    let action = try #require(model.operations[name], "\(service.name) has no \(name)")
                    let shape = action.input.map { model[$0] }
                    let read = Self.membersRead(by: operation, from: shape, of: model)
                    let known = Set(shape?.members.map(\.name) ?? [])
                    #expect(read.isSubset(of: known), "\(service.name):\(name) reads \(read.subtracting(known))")
                }
            }
        }
    }

    @Test("No operation is listed twice")
    func unique() async throws {
        try await Self.withServices { services in
            for (name, group) in Dictionary(grouping: services, by: \.name) {
                let operations = group.flatMap(\.operations).map { type(of: $0).name }
                #expect(Set(operations).count == operations.count, "\(name)")
            }
        }
    }

    @Test("The compatibility table says what is served and what is not")
    func compatibilityTable() async throws {
        try await Self.withServices { services in
            try CompatibilityTable(services, library: library).check()
        }
    }

    /// The services of every executable, on databases of their own.
    private static func withServices(_ body: ([AWSService]) throws -> Void) async throws {
        let made = Mutex<[AWSService]>([])
        func compose(_ host: ServiceHost) async throws -> [AWSService] {
            let iam = try IAM.parts(on: host)
            var services = iam.services + [STS.service(on: host, iam), try KMS.service(on: host)]
            services += try CognitoUserPools.services(on: host) + [CognitoIdentityPools.service(on: host, iam)]
            let (database, clusters) = (try DynamoDB.database(on: host, others: DAX.migrations), CacheClusters())
            services += try await DynamoDB.services(on: host, database, clusters: clusters)
            services += try await [DAX.service(on: host, database, clusters: clusters)] + S3.services(on: host)
            services += try [SQS.service(on: host)] + SNS.services(on: host) + [CloudWatchLogs.service(on: host)]
            services += try APIGateway.services(on: host) + SES.services(on: host)
            services += try await Lambda.services(on: host) + [CloudFormation.service(on: host)]
            made.withLock { [services] in $0 = services }
            return services
        }
        try await TestHost.with("models", compose) { _ in try body(made.withLock { $0 }) }
    }

    private static func membersRead(
        by operation: some AWSOperation, from shape: Shape?, of model: ServiceModel
    ) -> Set<String> {
        membersRead(type(of: operation), from: shape, of: model)
    }

    /// An input that does not like the sample has at least asked for what comes before.
    private static func membersRead<Operation: AWSOperation>(
        _ operation: Operation.Type, from shape: Shape?, of model: ServiceModel
    ) -> Set<String> {
        var json = JSONWriter()
        if let shape { json.sample(shape, of: model, depth: 0) } else { json.object { _ in } }
        let recorder = MemberRecorder()
        guard let members = try? Members(JSONDocument(json.bytes).root, recorder: recorder) else { return [] }
        _ = try? Operation.Input(members)
        return recorder.names
    }
}

extension JSONWriter {
    /// A value of a shape with every member there, a few levels deep.
    fileprivate mutating func sample(_ shape: Shape, of model: ServiceModel, depth: Int) {
        switch shape.kind {
        case .structure:
            object { json in
                for member in shape.members where depth < 6 {
                    json.member(member.name) { $0.sample(model[member.target], of: model, depth: depth + 1) }
                }
            }
        case .list:
            array { json in
                if let element = shape.element, depth < 6 {
                    json.sample(model[element.target], of: model, depth: depth + 1)
                }
            }
        case .map:
            object { json in
                if let value = shape.value, depth < 6 {
                    json.member("key") { $0.sample(model[value.target], of: model, depth: depth + 1) }
                }
            }
        case .boolean: bool(true)
        case .string: string("sample")
        case .blob: string("c2FtcGxl")
        default: number(1)
        }
    }
}
