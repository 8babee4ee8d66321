import ServiceKit

/// Replaces the code of `$LATEST`.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html)
struct UpdateFunctionCode: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let code: CodeSource
        let publish: Bool?
        let dryRun: Bool?
        let revisionId: String?
        let architectures: [String]?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            code = try CodeSource(member)
            publish = try member("Publish")
            dryRun = try member("DryRun")
            revisionId = try member("RevisionId")
            architectures = try member("Architectures")
        }
    }

    let store: LambdaStore
    let packages: PackageStore
    let runtimes: RuntimeCatalog
    let fleet: Fleet
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> FunctionVersion {
        let key = input.functionName.key(in: call)
        guard let known = try await store.read({ try $0.version(FunctionVersion.latest, of: key) }) else {
            throw ServiceError.functionNotFound(key.arn.description)
        }
        let package = try await packages.add(
            input.code.archive(by: client, in: call), for: runtimes.runtime(known.runtime))
        let updated = try await store.write { transaction in
            var latest = try transaction.latest(of: key, revision: input.revisionId)
            latest.package = package
            latest.architectures = input.architectures ?? latest.architectures
            latest.lastModified = call.now
            latest.revisionID = Identifier.uuid()
            if input.dryRun == true { return latest }
            try transaction.put(latest)
            return input.publish == true ? try transaction.publish(latest, description: nil) : latest
        }
        fleet.retire(key)
        return updated
    }
}
