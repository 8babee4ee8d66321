import ServiceKit

/// Makes a job that does one thing to each object of a list.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html)
struct CreateJob: AWSOperation {
    struct Input: InputShape {
        let account: String
        let token: String
        let priority: Int64
        let role: String
        let tags: Tags
        let operation: BatchOperation
        /// All that a description tells again.
        let request: JSONValue

        init(_ member: Members) throws {
            account = try member("AccountId")
            token = try member("ClientRequestToken")
            priority = try member("Priority")
            let role: String = try member("RoleArn")
            self.role = role
            tags = try Tags(try member("Tags") ?? [], limit: Limits.bucketTags)
            let given: JSONValue = try member("Operation")
            operation = try BatchOperation(given)
            var json = JSONWriter()
            try json.object { json in
                json.member("ConfirmationRequired", try member("ConfirmationRequired") ?? false)
                json.member("Operation", given)
                json.member("Report", try member("Report") as JSONValue)
                json.member("Manifest", try member("Manifest") as JSONValue?)
                json.member("ManifestGenerator", try member("ManifestGenerator") as JSONValue?)
                json.member("Description", try member("Description") as String?)
                json.member("RoleArn", role)
            }
            request = try JSONDocument(json.bytes).root
            try check()
        }

        /// - Throws: `InvalidRequest`
        private func check() throws {
            let (manifest, generator) = (request["Manifest"], request["ManifestGenerator"])
            guard (manifest == nil) != (generator == nil) else {
                throw ServiceError.invalidRequest("A job must have either a manifest or a manifest generator.")
            }
            if let generator { _ = try BatchManifestGenerator(generator, for: operation) }
            let report = request["Report"]
            guard report?["Enabled"]?.bool ?? false else { return }
            let needed = ["Bucket", "Format", "ReportScope"]
            guard needed.allSatisfy({ report?[$0]?.string != nil }), report?["Bucket"]?.bucketName != nil else {
                throw ServiceError.invalidRequest("A report needs a bucket, a format and a scope.")
            }
        }

        var conditions: [String: [String]] {
            let own = [
                "s3:RequestJobPriority": [String(priority)], "s3:RequestJobOperation": [operation.kind.rawValue],
            ]
            return own.merging(tags.resourceConditions) { first, _ in first }
        }
    }

    struct Output: OutputShape {
        let id: String
        func write(to json: inout JSONWriter) { json.member("JobId", id) }
    }

    private static let passed = ["iam:PassedToService": ["batchoperations.s3.amazonaws.com"]]

    let store: S3Store

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [
            Permission("s3:CreateJob", on: "*", owner: input.account, context: input.conditions),
            Permission("iam:PassRole", on: input.role, owner: ARN(input.role)?.account, context: Self.passed),
        ]
            + (input.tags.all.isEmpty
                ? [] : [Permission("s3:PutJobTagging", on: "*", owner: input.account, context: input.conditions)])
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard ARN(input.role)?.account == input.account else {
            throw ServiceError.invalidRequest("The job's role must be of the same account.")
        }
        if let manifest = input.request["Manifest"] { try BatchManifest.check(manifest) }
        let job = BatchJob(
            row: 0, id: Identifier.uuid(), account: input.account, region: call.region, created: call.now,
            priority: input.priority, status: .new, request: input.request, tags: input.tags)
        return try await store.database.write { transaction in
            if let known = try transaction.batchJob(for: input.token, of: input.account, in: call.region) {
                guard known.request.rawBytes == input.request.rawBytes else { throw ServiceError.tokenOfAnotherJob }
                return Output(id: known.id)
            }
            try transaction.insert(job, token: input.token)
            return Output(id: job.id)
        }
    }
}

extension ServiceError {
    fileprivate static let tokenOfAnotherJob = ServiceError(
        "IdempotencyException", "The request token was used for another job.")
}
