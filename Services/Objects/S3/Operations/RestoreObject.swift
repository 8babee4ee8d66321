import ServiceKit

/// Asks for a readable copy of an archived object.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html)
struct RestoreObject: AWSOperation {
    struct Input: InputShape {
        let object: ObjectReference
        let days: Int
        let tier: RetrievalTier

        init(_ member: Members) throws {
            object = try ObjectReference(member)
            let request = try member("RestoreRequest") as JSONValue?
            if request?["Type"] != nil { throw ServiceError.notImplemented("restore requests of type SELECT") }
            guard let days = request?["Days"]?.int64 else { throw ServiceError.malformedXML }
            guard (1...Int64(Int32.max)).contains(days) else {
                throw ServiceError.invalidArgument(
                    "'Days' for RestoreRequest must be a positive integer", "Days", "\(days)")
            }
            self.days = Int(days)
            let name = (request?["GlacierJobParameters"]?["Tier"] ?? request?["Tier"])?.string
            guard let tier = RetrievalTier(rawValue: name ?? RetrievalTier.standard.rawValue) else {
                throw ServiceError.malformedXML
            }
            self.tier = tier
        }
    }

    struct Output: OutputShape {
        /// Nothing was there before: answered with 202, which the model has no member for.
        let isNew: Bool
        let charge: RequestCharge

        func write(to json: inout JSONWriter) {
            json.member(charge)
            json.member("IsAccepted", isNew)
        }
    }

    let store: S3Store
    let times: RestoreTimes

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.listedPermission("s3:RestoreObject", on: input.object, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try await store.write(in: input.object.bucket) { transaction, bucket in
            let object = try transaction.existingObject(input.object, in: bucket)
            let wanted = try restoration(of: object, input, at: call.now)
            try transaction.put(wanted)
            if wanted.isInProgress {
                try transaction.notify(.restoration("Post", of: object), of: bucket, in: call)
            }
            return Output(isNew: wanted.isInProgress, charge: bucket.charge(to: call.caller))
        }
    }

    /// What is to hold from now on: a copy on its way, a faster one, or one that stays longer.
    ///
    /// - Throws: `InvalidObjectState`, `RestoreAlreadyInProgress`, `InvalidRequest`
    private func restoration(of object: StoredObject, _ input: Input, at now: Timestamp) throws -> Restoration {
        guard object.isArchived else { throw ServiceError.notRestorable(object) }
        if input.tier == .expedited, object.storageClass == StorageClass.deepArchive {
            throw ServiceError.invalidRequest("Retrieval option is not supported by this storage class")
        }
        let ready = now + times.duration(of: input.tier, from: object.storageClass)
        let wanted = Restoration(object: object.id, tier: input.tier, days: input.days, ready: ready, expires: nil)
        guard let current = object.restoration else { return wanted }
        guard current.isInProgress else {
            return Restoration(
                object: object.id, tier: current.tier, days: input.days, ready: current.ready,
                expires: Restoration.expiry(days: input.days, from: now))
        }
        guard input.tier.isFaster(than: current.tier) else { throw ServiceError.restoreAlreadyInProgress }
        // The days stay those of the first request.
        return Restoration(
            object: object.id, tier: input.tier, days: current.days, ready: min(ready, current.ready), expires: nil)
    }
}

extension ServiceError {
    fileprivate static let restoreAlreadyInProgress = ServiceError(
        "RestoreAlreadyInProgress", "Object restore is already in progress", status: 409)
}
