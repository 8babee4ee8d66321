import ServiceKit

/// Reads an object through for a task of a job, and tells the checksum of its bytes as reports do.
///
/// An operation, because only a call can ask what a role may do. It is no `GetObject`: an archived object is not
/// restored for it, and the bytes stay here.
struct ComputeObjectChecksum: AWSOperation {
    struct Input: InputShape {
        let job: Int64
        let target: BatchTarget

        init(_ member: Members) throws {
            job = try member("Job")
            target = try BatchTarget(member)
        }
    }

    struct Output: OutputShape {
        let message: String
        func write(to json: inout JSONWriter) { json.member("Message", message) }
    }

    let store: S3Store
    let roles: AssumedRoles

    /// The role's are asked for when it is known.
    func permissions(for input: Input, in call: Call) -> [Permission] { [] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let job = try await store.read({ try $0.batchJob(input.job) }) else { throw ServiceError.noSuchJob }
        let call = call.acting(as: try await roles.caller(in: job))
        do {
            let (object, message) = try await compute(for: job, input.target.reference, in: call)
            try await note(object, nil, of: job, input.target, in: call)
            return Output(message: message)
        } catch let error as ServiceError {
            try await note(nil, error, of: job, input.target, in: call)
            throw error
        }
    }

    private func compute(
        for job: BatchJob, _ reference: ObjectReference, in call: Call
    ) async throws -> (object: StoredObject, message: String) {
        let wish = try BatchChecksum(job.operation.options)
        let permission = try await store.versionedPermission("s3:GetObject", on: reference, in: call)
        guard try await call.allows(permission) else { throw ServiceError.accessDenied }
        let (object, body) = try await store.concealing(reference, in: call) {
            try await store.open(reference, in: call, for: .checksum) { 0..<$0.size }
        }
        try await store.recheck("s3:GetObject", with: object, at: reference, in: call)
        var sum = try wish.start(for: object)
        while let chunk = try await body.next() { sum.update(chunk) }
        return (object, wish.message(sum.finalize(), of: object))
    }

    /// Where the bucket keeps access logs, they name the job in the place of a request.
    private func note(
        _ object: StoredObject?, _ error: ServiceError?, of job: BatchJob, _ target: BatchTarget, in call: Call
    ) async throws {
        guard let bucket = try? await store.bucket(target.reference.bucket), bucket.configurations[.logging] != nil
        else { return }
        let record = UnaskedRecord(
            operation: "S3.COMPUTE.OBJECT.CHECKSUM", key: target.key, version: target.version, size: object?.size,
            requester: call.principal, requestID: job.id, status: error?.status ?? 200, errorCode: error?.code)
        let line = PendingRecord(bucket: bucket.name, time: call.now, line: record.line(of: bucket, call))
        try await store.database.write { try $0.insert([line]) }
    }
}
