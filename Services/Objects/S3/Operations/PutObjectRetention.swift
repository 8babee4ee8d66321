import ServiceKit

/// Says until when a version is kept.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html)
struct PutObjectRetention: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        private let mode: String?
        private let until: Timestamp?
        let bypassesGovernance: Bool

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            let retention: JSONValue? = try member("Retention")
            let members = try retention.map { try Members($0) }
            mode = try members?("Mode")
            until = try members?("RetainUntilDate")
            bypassesGovernance = try member("BypassGovernanceRetention") ?? false
            if retention == nil || (mode == nil) != (until == nil) { throw ServiceError.malformedXML }
            if let mode, ObjectLock.Retention.Mode(rawValue: mode) == nil { throw ServiceError.malformedXML }
        }

        func conditions(at now: Timestamp) -> [String: [String]] {
            ObjectLock.conditions(mode: mode, until: until, hold: nil, at: now)
        }

        /// `nil` takes the retention away.
        func retention(now: Timestamp) throws -> ObjectLock.Retention? {
            guard let mode, let until else { return nil }
            return try ObjectLock.Retention(mode: mode, until: until, now: now)
        }
    }

    let store: S3Store

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        let actions = ["s3:PutObjectRetention"] + (input.bypassesGovernance ? ["s3:BypassGovernanceRetention"] : [])
        let context = input.conditions(at: call.now)
        var needed: [Permission] = []
        for action in actions {
            needed.append(try await store.permission(action, on: input.object, in: call, context: context))
        }
        return needed
    }

    func perform(_ input: Input, in call: Call) async throws -> Charged<NoOutput> {
        try await store.changeLock(of: input.object, at: call.now) { lock in
            let retention = try input.retention(now: call.now)
            try lock.checkChange(to: retention, at: call.now, bypassingGovernance: input.bypassesGovernance)
            lock.retention = retention
        }
        return try await store.charged(NoOutput(), for: input.object.bucket, in: call)
    }
}

extension S3Store {
    /// Changes what keeps a version from deletion.
    func changeLock(
        of reference: ObjectReference, at now: Timestamp,
        _ change: @escaping @Sendable (inout ObjectLock) throws -> Void
    ) async throws {
        try await write(in: reference.bucket) { transaction, bucket in
            try bucket.requireObjectLock()
            let object = try transaction.existingObject(reference, in: bucket)
            var lock = object.lock
            try change(&lock)
            try transaction.setLock(of: object, to: lock)
            try transaction.noteChange(of: object, in: bucket, at: now)
        }
    }

    /// - Throws: `InvalidRequest` in a bucket without Object Lock.
    func lockedObject(_ reference: ObjectReference) async throws -> StoredObject {
        let bucket = try await bucket(reference.bucket)
        try bucket.requireObjectLock()
        return try await read { try $0.existingObject(reference, in: bucket) }
    }
}
