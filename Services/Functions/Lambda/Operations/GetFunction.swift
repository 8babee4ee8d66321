import ServiceKit

/// Describes a function, its tags and its concurrency.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html)
struct GetFunction: AWSOperation {
    struct Output: OutputShape {
        let configuration: FunctionVersion
        let tags: [String: String]
        let reservedConcurrency: Int?

        func write(to json: inout JSONWriter) {
            json.member("Configuration", configuration)
            json.member("Code") { $0.object { $0.member("RepositoryType", "S3") } }
            if !tags.isEmpty { json.member("Tags", tags) }
            guard let reservedConcurrency else { return }
            json.member("Concurrency") {
                $0.object { $0.member("ReservedConcurrentExecutions", reservedConcurrency) }
            }
        }
    }

    let store: LambdaStore

    func permissions(for input: QualifiedName, in call: Call) async throws -> [Permission] {
        [try await store.permission(on: input.functionName, input.qualifier, in: call)]
    }

    func perform(_ input: QualifiedName, in call: Call) async throws -> Output {
        let function = try await store.resolve(input.functionName, input.qualifier, in: call)
        let record = try await store.read { try $0.function(function.version.key) }
        return Output(
            configuration: function.version, tags: record?.tags ?? [:],
            reservedConcurrency: record?.reservedConcurrency)
    }
}

/// The input of operations that name a function and nothing else.
struct QualifiedName: InputShape {
    let functionName: FunctionName
    let qualifier: String?

    init(_ member: Members) throws {
        functionName = try member("FunctionName")
        qualifier = try member("Qualifier")
    }
}

/// The input of operations on a function as a whole.
struct UnqualifiedName: InputShape {
    let functionName: FunctionName

    init(_ member: Members) throws { functionName = try member("FunctionName") }
}
