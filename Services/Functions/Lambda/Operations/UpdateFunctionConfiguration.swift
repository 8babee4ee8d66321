import ServiceKit

/// Changes the settings of `$LATEST`; what is not given stays.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html)
struct UpdateFunctionConfiguration: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let role: String?
        let handler: String?
        let description: String?
        let timeout: Int?
        let memorySize: Int?
        let environment: EnvironmentVariables?
        let runtime: String?
        let deadLetterConfig: DeadLetterConfiguration?
        let tracingConfig: TracingConfiguration?
        let revisionId: String?
        let layers: [String]?
        let ephemeralStorage: EphemeralStorage?
        let loggingConfig: LoggingConfiguration?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            role = try member("Role")
            handler = try member("Handler")
            description = try member("Description")
            timeout = try member("Timeout")
            memorySize = try member("MemorySize")
            environment = try member("Environment")
            runtime = try member("Runtime")
            deadLetterConfig = try member("DeadLetterConfig")
            tracingConfig = try member("TracingConfig")
            revisionId = try member("RevisionId")
            layers = try member("Layers")
            ephemeralStorage = try member("EphemeralStorage")
            loggingConfig = try member("LoggingConfig")
        }

        /// - Parameter references: the layers, where the request names any.
        func apply(to version: inout FunctionVersion, layers references: [LayerReference]?) throws {
            version.layers = references ?? version.layers
            version.role = role ?? version.role
            version.handler = handler ?? version.handler
            version.description = description ?? version.description
            version.timeoutSeconds = timeout ?? version.timeoutSeconds
            version.memoryMegabytes = memorySize ?? version.memoryMegabytes
            version.runtime = runtime ?? version.runtime
            version.storageMegabytes = ephemeralStorage?.size ?? version.storageMegabytes
            version.tracingMode = tracingConfig?.mode ?? version.tracingMode
            version.logging = loggingConfig ?? version.logging
            if let environment { version.variables = try environment.validated() }
            // An empty target removes it.
            if let target = deadLetterConfig?.targetArn { version.deadLetterTarget = target.isEmpty ? nil : target }
        }
    }

    let store: LambdaStore
    let runtimes: RuntimeCatalog
    let credentials: any RoleCredentialsSource
    let fleet: Fleet
    let layers: LayerLibrary

    func permissions(for input: Input, in call: Call) -> [Permission] {
        let used = (input.layers ?? []).compactMap { LayerVersionARN($0)?.permission }
        let needed = [Permission(on: input.functionName.key(in: call).arn)] + used
        guard let role = input.role else { return needed }
        let passed = ["iam:PassedToService": ["lambda.amazonaws.com"]]
        return needed + [Permission("iam:PassRole", on: role, owner: ARN(role)?.account, context: passed)]
    }

    func perform(_ input: Input, in call: Call) async throws -> FunctionVersion {
        let key = input.functionName.key(in: call)
        var references: [LayerReference]?
        if let wanted = input.layers { references = try await layers.references(to: wanted, in: call) }
        if let runtime = input.runtime { _ = try runtimes.runtime(runtime) }
        if let role = input.role { try await credentials.requireAssumable(role, by: key) }
        let updated = try await store.write { [references] transaction in
            var latest = try transaction.latest(of: key, revision: input.revisionId)
            try input.apply(to: &latest, layers: references)
            latest.lastModified = call.now
            latest.revisionID = Identifier.uuid()
            try transaction.put(latest)
            return latest
        }
        fleet.retire(key)
        return updated
    }
}
