import Sandbox
import ServiceKit

/// Makes a function of a deployment package.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html)
struct CreateFunction: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let runtime: String?
        let role: String
        let handler: String?
        let code: CodeSource
        let description: String?
        let timeout: Int?
        let memorySize: Int?
        let publish: Bool?
        let packageType: String?
        let deadLetterConfig: DeadLetterConfiguration?
        let environment: EnvironmentVariables?
        let tracingConfig: TracingConfiguration?
        let tags: [String: String]?
        let layers: [String]?
        let architectures: [String]?
        let ephemeralStorage: EphemeralStorage?
        let loggingConfig: LoggingConfiguration?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            runtime = try member("Runtime")
            role = try member("Role")
            handler = try member("Handler")
            code = try member("Code")
            description = try member("Description")
            timeout = try member("Timeout")
            memorySize = try member("MemorySize")
            publish = try member("Publish")
            packageType = try member("PackageType")
            deadLetterConfig = try member("DeadLetterConfig")
            environment = try member("Environment")
            tracingConfig = try member("TracingConfig")
            tags = try member("Tags")
            layers = try member("Layers")
            architectures = try member("Architectures")
            ephemeralStorage = try member("EphemeralStorage")
            loggingConfig = try member("LoggingConfig")
        }
    }

    let store: LambdaStore
    let packages: PackageStore
    let runtimes: RuntimeCatalog
    let credentials: any RoleCredentialsSource
    let client: ServiceClient
    let layers: LayerLibrary

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let passed = ["iam:PassedToService": ["lambda.amazonaws.com"]]
        return (input.layers ?? []).compactMap { LayerVersionARN($0)?.permission } + [
            Permission(on: input.functionName.key(in: call).arn),
            Permission("iam:PassRole", on: input.role, owner: ARN(input.role)?.account, context: passed),
        ]
    }

    func perform(_ input: Input, in call: Call) async throws -> FunctionVersion {
        let key = input.functionName.key(in: call)
        guard let runtimeName = input.runtime, let handler = input.handler, input.packageType ?? "Zip" == "Zip" else {
            throw ServiceError.invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.")
        }
        let runtime = try runtimes.runtime(runtimeName)
        let variables = try input.environment?.validated()
        let references = try await layers.references(to: input.layers ?? [], in: call)
        if try await store.read({ try $0.function(key) }) != nil { throw ServiceError.functionExists(key.name) }
        try await credentials.requireAssumable(input.role, by: key)
        let package = try await packages.add(input.code.archive(by: client, in: call), for: runtime)
        var version = FunctionVersion(
            key: key, runtime: runtimeName, handler: handler, role: input.role, package, at: call.now)
        version.description = input.description ?? ""
        version.timeoutSeconds = input.timeout ?? version.timeoutSeconds
        version.memoryMegabytes = input.memorySize ?? version.memoryMegabytes
        version.storageMegabytes = input.ephemeralStorage?.size ?? version.storageMegabytes
        version.variables = variables
        version.deadLetterTarget = input.deadLetterConfig?.targetArn
        version.tracingMode = input.tracingConfig?.mode ?? version.tracingMode
        version.architectures = input.architectures ?? version.architectures
        version.logging = input.loggingConfig
        version.layers = references
        return try await store.write { [version] transaction in
            if try transaction.function(key) != nil { throw ServiceError.functionExists(key.name) }
            try transaction.insert(version, tags: input.tags ?? [:])
            return input.publish == true ? try transaction.publish(version, description: nil) : version
        }
    }
}
