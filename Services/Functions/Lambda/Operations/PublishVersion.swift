import ServiceKit

/// Freezes `$LATEST` under a number.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html)
struct PublishVersion: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let codeSha256: String?
        let description: String?
        let revisionId: String?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            codeSha256 = try member("CodeSha256")
            description = try member("Description")
            revisionId = try member("RevisionId")
        }
    }

    let store: LambdaStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission(on: input.functionName.key(in: call).arn)]
    }

    func perform(_ input: Input, in call: Call) async throws -> FunctionVersion {
        let key = input.functionName.key(in: call)
        return try await store.write { transaction in
            let latest = try transaction.latest(of: key, revision: input.revisionId)
            if let expected = input.codeSha256, !expected.isEmpty, expected != latest.package.codeSHA256 {
                throw ServiceError.invalid(
                    "CodeSHA256 (\(expected)) is different from current CodeSHA256 in $LATEST "
                        + "(\(latest.package.codeSHA256)). Please try again with the CodeSHA256 in $LATEST.")
            }
            return try transaction.publish(latest, description: input.description)
        }
    }
}
