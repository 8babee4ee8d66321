import ServiceKit

/// Turns one change of an object into changes of its derived images. Repeating it changes nothing.
struct Deriver: Sendable {
    let objects: Objects
    let renderer: Renderer
    let log: Log
    let metrics: Metrics

    func apply(_ change: ObjectChange) async throws {
        // Derived images are objects too: they must not be derived from.
        guard !change.key.hasPrefix(Thumbnails.prefix) else { return }
        if change.isRemoval { return try await remove(change) }
        do {
            try await derive(change)
            metrics.count("apus_thumbnails_total", labels: "outcome=\"derived\"")
        } catch let refusal as Refusal {
            log.warning(
                "An image was refused",
                [
                    "bucket": change.bucket, "key": change.key, "reason": refusal.reason,
                ])
            metrics.count("apus_thumbnails_total", labels: "outcome=\"refused\"")
            try await report(refusal, change)
        } catch let error as ServiceError where error.status == 404 {
            // Gone, with its bucket perhaps, before its turn came.
            return
        } catch let error as ServiceError where [400, 403].contains(error.status) {
            // Enciphered under a key that this service is not let use: the images behind it must not wait for that.
            log.warning(
                "An image could not be read", ["bucket": change.bucket, "key": change.key, "error": "\(error)"])
            metrics.count("apus_thumbnails_total", labels: "outcome=\"refused\"")
        }
    }

    private func derive(_ change: ObjectChange) async throws {
        let edges = change.edges
        guard !edges.isEmpty, let image = try await objects.image(at: change.key, in: change) else { return }
        let derived = try await renderer.render(image, edges.map(Transformation.thumbnail))
        for (edge, result) in zip(edges, derived) {
            try await objects.put(result.bytes, type: result.mediaType, at: change.derivedKey(edge), in: change)
        }
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
}

/// Why an image is not derived from: the file's fault, so trying again is of no use.
package struct Refusal: Error, Equatable {
    package let code: String
    package let reason: String

    package static let tooLarge = Refusal(
        code: "FileTooLarge", reason: "The file is larger than \(ImageLimits.fileBytes >> 20) MiB.")
    package static let timedOut = Refusal(code: "TimedOut", reason: "The image took longer than its time to decode.")
    package static func notDecoded(_ reason: String) -> Refusal { Refusal(code: "NotDecoded", reason: reason) }
    package static func tooManyPixels(_ width: Int, _ height: Int) -> Refusal {
        Refusal(
            code: "TooManyPixels",
            reason: "The image has \(width) × \(height) pixels; \(ImageLimits.pixels) are allowed.")
    }
    package static let truncated = Refusal(code: "Truncated", reason: "The file ends before the image does.")
    package static let limitExceeded = Refusal(
        code: "LimitExceeded", reason: "Decoding the image needed more memory or time than allowed.")
}
