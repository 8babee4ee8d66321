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
        let wish = try BatchChecksum(job.operation.options)
        let call = call.acting(as: try await roles.caller(in: job))
        let reference = input.target.reference
        let permission = try await store.versionedPermission("s3:GetObject", on: reference, in: call)
        guard try await call.allows(permission) else { throw ServiceError.accessDenied }
        let (object, body) = try await store.concealing(reference, in: call) {
            try await store.open(reference, in: call, for: .checksum) { 0..<$0.size }
        }
        try await store.recheck("s3:GetObject", with: object, at: reference, in: call)
        var sum = try wish.start(for: object)
        while let chunk = try await body.next() { sum.update(chunk) }
        return Output(message: wish.message(sum.finalize(), of: object))
    }
}
