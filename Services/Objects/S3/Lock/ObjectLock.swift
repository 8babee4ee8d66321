import ServiceKit

/// What keeps a version from deletion.
///
/// [How Object Lock works](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html)
struct ObjectLock: Sendable, Equatable {
    var retention: Retention?
    /// `nil` where nobody ever said whether it is held.
    var isHeld: Bool?

    struct Retention: Sendable, Equatable {
        enum Mode: String, Sendable {
            /// Those with `s3:BypassGovernanceRetention` may end it.
            case governance = "GOVERNANCE"
            /// Nobody may end it, root not either.
            case compliance = "COMPLIANCE"
        }

        let mode: Mode
        let until: Timestamp

        init(mode: Mode, until: Timestamp) {
            self.mode = mode
            self.until = until
        }

        /// - Throws: `InvalidArgument` for an unknown mode, or a time that has passed.
        init(mode name: String, until: Timestamp, now: Timestamp) throws {
            guard let mode = Mode(rawValue: name) else {
                throw ServiceError.invalidArgument("Unknown wormMode directive.", "x-amz-object-lock-mode", name)
            }
            guard until > now else {
                throw ServiceError.invalidArgument(
                    "The retain until date must be in the future!", "x-amz-object-lock-retain-until-date",
                    until.iso8601(milliseconds: false))
            }
            self.init(mode: mode, until: until)
        }

        func write(to json: inout JSONWriter) {
            json.member("Mode", mode.rawValue)
            json.member("RetainUntilDate", until)
        }
    }

    /// - Throws: `AccessDenied` while the version is kept.
    func checkDeletion(at now: Timestamp, bypassingGovernance: Bool) throws {
        if isHeld == true { throw ServiceError.protectedByObjectLock }
        guard let retention, retention.until > now else { return }
        guard retention.mode == .governance, bypassingGovernance else { throw ServiceError.protectedByObjectLock }
    }

    /// A retention may always be made longer; made shorter, weaker or taken away only if its mode allows that.
    ///
    /// - Throws: `AccessDenied`
    func checkChange(to new: Retention?, at now: Timestamp, bypassingGovernance: Bool) throws {
        guard let retention, retention.until > now else { return }
        if let new, new.mode == retention.mode, new.until >= retention.until { return }
        guard retention.mode == .governance, bypassingGovernance else { throw ServiceError.protectedByObjectLock }
    }
}

/// The form of `lock` columns: `mode milliseconds hold`, a dash for what is not there.
extension ObjectLock {
    /// `nil` for nothing at all.
    var encoded: String? {
        if retention == nil, isHeld == nil { return nil }
        let kept = retention.map { "\($0.mode.rawValue) \($0.until.milliseconds)" } ?? "- 0"
        return "\(kept) \(isHeld.map { $0 ? "ON" : "OFF" } ?? "-")"
    }

    /// - Throws: `StorageError.corrupt`
    init(encoded text: String?) throws {
        guard let text else { return }
        let fields = text.split(separator: " ")
        guard fields.count == 3, let until = Int64(fields[1]) else {
            throw StorageError.corrupt(message: "lock: \(text)")
        }
        retention = Retention.Mode(rawValue: String(fields[0])).map {
            Retention(mode: $0, until: Timestamp(milliseconds: until))
        }
        isHeld = fields[2] == "-" ? nil : fields[2] == "ON"
    }
}

/// The protection a write asks for.
struct RequestedLock: Sendable {
    private let mode: String?
    private let until: Timestamp?
    private let hold: String?

    init(_ member: Members) throws {
        mode = try member("ObjectLockMode")
        until = try member("ObjectLockRetainUntilDate")
        hold = try member("ObjectLockLegalHoldStatus")
    }

    /// What the caller must be allowed besides the write.
    var actions: [String] {
        (mode == nil && until == nil ? [] : ["s3:PutObjectRetention"]) + (hold == nil ? [] : ["s3:PutObjectLegalHold"])
    }

    /// What policies may ask of it.
    func conditions(at now: Timestamp) -> [String: [String]] {
        ObjectLock.conditions(mode: mode, until: until, hold: hold, at: now)
    }

    /// What is asked for, or what the bucket asks for where it is not.
    ///
    /// - Throws: `InvalidRequest` in a bucket without Object Lock, `InvalidArgument`.
    func lock(in bucket: Bucket, at now: Timestamp) throws -> ObjectLock {
        guard let configuration = try bucket.objectLock else {
            if mode != nil || until != nil || hold != nil { throw ServiceError.bucketWithoutObjectLock }
            return ObjectLock()
        }
        var lock = ObjectLock()
        switch (mode, until) {
        case (let mode?, let until?): lock.retention = try ObjectLock.Retention(mode: mode, until: until, now: now)
        case (nil, nil): lock.retention = configuration.retention(of: now)
        default:
            throw ServiceError.invalidArgument(
                "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
                "x-amz-object-lock-retain-until-date", until?.iso8601(milliseconds: false) ?? "null")
        }
        lock.isHeld = try hold.map(LegalHold.isOn)
        return lock
    }
}

extension ObjectLock {
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000

    /// Condition keys of a request that asks for protection: `s3:object-lock-mode`, …
    ///
    /// Days that have begun count whole, so that "ten days from now" is ten when it arrives.
    static func conditions(mode: String?, until: Timestamp?, hold: String?, at now: Timestamp) -> [String: [String]] {
        var keys: [String: [String]] = [:]
        if let mode { keys["s3:object-lock-mode"] = [mode] }
        if let hold { keys["s3:object-lock-legal-hold"] = [hold] }
        guard let until else { return keys }
        let rest = max(0, until.milliseconds - now.milliseconds)
        keys["s3:object-lock-retain-until-date"] = [until.iso8601(milliseconds: false)]
        keys["s3:object-lock-remaining-retention-days"] = [String((rest + dayMilliseconds - 1) / dayMilliseconds)]
        return keys
    }
}

enum LegalHold {
    /// - Throws: `InvalidArgument`
    static func isOn(_ status: String) throws -> Bool {
        switch status {
        case "ON": return true
        case "OFF": return false
        default:
            throw ServiceError.invalidArgument(
                "Legal Hold must be either of 'ON' or 'OFF'", "x-amz-object-lock-legal-hold", status)
        }
    }
}

extension S3Store {
    /// What keeps a version from deletion, as far as the caller may know it.
    func visibleLock(
        of object: StoredObject, _ reference: ObjectReference, in call: Call
    ) async throws -> ObjectLock {
        guard object.lock.retention != nil || object.lock.isHeld != nil else { return object.lock }
        return try await allowed(object.lock, reference, in: call)
    }

    private func allowed(_ lock: ObjectLock, _ reference: ObjectReference, in call: Call) async throws -> ObjectLock {
        var lock = lock
        if lock.retention != nil,
            try await !call.allows(try await permission("s3:GetObjectRetention", on: reference, in: call))
        {
            lock.retention = nil
        }
        if lock.isHeld != nil,
            try await !call.allows(try await permission("s3:GetObjectLegalHold", on: reference, in: call))
        {
            lock.isHeld = nil
        }
        return lock
    }
}
