import ServiceKit

/// Turns one change of an object into changes of its derived images. Repeating it changes nothing.
struct Deriver: Sendable {
    /// What became of one image.
    enum Outcome: Sendable, Equatable {
        case derived
        /// The file is at fault.
        case refused
        /// S3 does not let this service: it is tried again.
        case waiting
        /// It is no image, or is gone.
        case skipped
    }

    let objects: Objects
    let renderer: Renderer
    let database: Database
    let clock: any WallClock
    let log: Log
    let metrics: Metrics
    /// Events, second attempts and regenerations take turns: two at one image could leave the older one's result.
    private let turn = AsyncSemaphore(count: 1)

    init(
        objects: Objects, renderer: Renderer, database: Database, clock: any WallClock, log: Log, metrics: Metrics
    ) {
        (self.objects, self.renderer, self.database, self.clock) = (objects, renderer, database, clock)
        (self.log, self.metrics) = (log, metrics)
    }

    /// Does what an event asks for.
    func apply(_ change: ObjectChange) async throws {
        // Derived images are objects too: they must not be derived from.
        guard !change.isDerived else { return }
        guard change.isRemoval else {
            _ = try await derive(change)
            return
        }
        try await turn.run {
            try await remove(change)
            try await forget(change)
        }
    }

    /// Derives the images of an object as it is now.
    ///
    /// - Throws: what may pass by itself: `objects` or the worker cannot be reached.
    func derive(_ change: ObjectChange) async throws -> Outcome {
        try await turn.run {
            do {
                let outcome = try await makeAll(change)
                try await forget(change)
                return outcome
            } catch let error as ServiceError where error.isMissingPermission {
                return try await wait(with: change, "\(error.code): \(error.message)")
            } catch ByteStreamError.truncated {
                // `objects` went away meanwhile, or a file of its is damaged: that must not keep others waiting.
                return try await wait(with: change, "The object could not be read to its end.")
            }
        }
    }

    private func makeAll(_ change: ObjectChange) async throws -> Outcome {
        do {
            guard try await make(change) else { return .skipped }
            metrics.count("apus_thumbnails_total", labels: "outcome=\"derived\"")
            return .derived
        } catch let refusal as Refusal {
            return try await refuse(change, refusal)
        } catch let error as ServiceError where error.status == 404 {
            // Gone, with its bucket perhaps, before its turn came.
            return .skipped
        } catch let error as ServiceError where error.status == 400 && !error.isMissingPermission {
            // Enciphered under a key that its owner alone has, or too long a key for its derived images.
            return try await refuse(change, Refusal(code: error.code, reason: error.message))
        }
    }

    private func refuse(_ change: ObjectChange, _ refusal: Refusal) async throws -> Outcome {
        log.warning("An image was refused", ["bucket": change.bucket, "key": change.key, "reason": refusal.reason])
        metrics.count("apus_thumbnails_total", labels: "outcome=\"refused\"")
        do {
            try await report(refusal, change)
        } catch let error as ServiceError where error.status == 400 && !error.isMissingPermission {
            log.warning("A refusal could not be reported", ["key": change.key, "error": error.message])
        }
        return .refused
    }

    /// Whether it was an image.
    private func make(_ change: ObjectChange) async throws -> Bool {
        let edges = change.edges
        guard !edges.isEmpty, let image = try await objects.image(at: change.key, in: change) else { return false }
        let derived = try await renderer.render(image, edges.map(Transformation.thumbnail))
        for (edge, result) in zip(edges, derived) {
            try await objects.put(result.bytes, type: result.mediaType, at: change.derivedKey(edge), in: change)
        }
        return true
    }

    private func remove(_ change: ObjectChange) async throws {
        for key in change.edges.map(change.derivedKey) + [change.errorKey] {
            do {
                try await objects.delete(key, in: change)
            } catch let error as ServiceError where error.status == 404 {
                continue
            }
        }
    }

    private func report(_ refusal: Refusal, _ change: ObjectChange) async throws {
        var json = JSONWriter()
        json.object { json in
            json.member("bucket", change.bucket)
            json.member("key", change.key)
            json.member("error", refusal.code)
            json.member("reason", refusal.reason)
        }
        try await objects.put(json.bytes, type: "application/json", at: change.errorKey, in: change)
    }

    // MARK: - What may be read later

    /// The images behind it must not wait for that, nor may it be lost: somebody may have made a mistake.
    private func wait(with change: ObjectChange, _ reason: String) async throws -> Outcome {
        let now = clock.now
        let image = try await database.write { transaction in
            let last = try transaction.waitingImage(change)
            let image = WaitingImage(change, after: last, reason: reason, at: now)
            try transaction.put(image)
            return image
        }
        log.warning(
            image.due == nil ? "An image was given up" : "An image waits",
            [
                "bucket": change.bucket, "key": change.key, "attempts": "\(image.attempts)", "error": image.reason,
                "next": image.due?.iso8601(milliseconds: false) ?? "never",
            ])
        metrics.count("apus_thumbnails_total", labels: "outcome=\"waiting\"")
        return .waiting
    }

    private func forget(_ change: ObjectChange) async throws {
        guard try await database.read({ try $0.waitingImage(change) }) != nil else { return }
        try await database.write { try $0.deleteWaitingImage(change) }
    }
}

extension ServiceError {
    /// Whether somebody's decision stands in the way, which may be taken back: a policy, a list, an archive, a KMS key.
    fileprivate var isMissingPermission: Bool { status == 403 || code.hasPrefix("KMS.") }
}
