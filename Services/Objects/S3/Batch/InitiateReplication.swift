import ServiceKit

/// Notes that a version is to be brought to other buckets, for a task of a job.
///
/// An operation, because only a call can ask what a role may do.
struct InitiateReplication: AWSOperation {
    struct Input: InputShape {
        let job: Int64
        let task: Int64
        let target: BatchTarget

        init(_ member: Members) throws {
            job = try member("Job")
            task = try member("Task")
            target = try BatchTarget(member)
        }
    }

    let store: S3Store
    let roles: AssumedRoles

    /// The role's are asked for when it is known.
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard let job = try await store.read({ try $0.batchJob(input.job) }) else { return NoOutput() }
        let call = call.acting(as: try await roles.caller(in: job))
        let reference = input.target.reference
        let permission = try await store.permission("s3:InitiateReplication", on: reference, in: call)
        guard try await call.allows(permission) else { throw ServiceError.accessDenied }
        try await store.write(in: reference.bucket) { transaction, bucket in
            guard let object = try transaction.object(reference.key, version: reference.version, in: bucket) else {
                throw reference.isMissing
            }
            try transaction.noteReplication(again: object, in: bucket, at: call.now)
            try transaction.setWaiting(input.task, of: job.row, version: object.version)
        }
        return NoOutput()
    }
}

/// Asks whether a job's role may list a bucket the way generated manifests do.
struct AdmitManifestGenerator: AWSOperation {
    struct Input: InputShape {
        let job: Int64
        let bucket: String

        init(_ member: Members) throws {
            job = try member("Job")
            bucket = try member("Bucket")
        }
    }

    let store: S3Store
    let roles: AssumedRoles

    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> NoOutput {
        guard let job = try await store.read({ try $0.batchJob(input.job) }) else { return NoOutput() }
        let call = call.acting(as: try await roles.caller(in: job))
        let permission = try await store.permission(
            "s3:PutInventoryConfiguration", on: BucketReference(name: input.bucket), in: call)
        guard try await call.allows(permission) else {
            throw ServiceError(
                "AccessDenied", "The job's role needs s3:PutInventoryConfiguration on the source bucket.", status: 403)
        }
        return NoOutput()
    }
}

extension AssumedRoles {
    /// - Throws: `AccessDenied` where the role is not there or does not trust Batch Operations.
    func caller(in job: BatchJob) async throws -> Caller {
        do {
            return try await caller(in: job.role, region: job.region)
        } catch is RoleNotAssumed {
            throw ServiceError(
                "AccessDenied", "The role \(job.role) cannot be assumed by batchoperations.s3.amazonaws.com.",
                status: 403)
        }
    }
}
