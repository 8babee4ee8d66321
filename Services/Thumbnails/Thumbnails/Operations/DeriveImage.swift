import ServiceKit

/// Makes one derived image of the bytes beside the request, for the service that owns them and has asked who may see them.
///
/// Input: `Width`, `Height`, `Fit`, `Format`, `Quality`. Output: `ContentType`, the image beside it.
/// A file that is at fault answers 422, which trying again does not change; too many at once answer 503.
struct DeriveImage: AWSOperation {
    struct Output: StreamingOutput {
        let mediaType: String
        let body: ByteStream?

        func write(to json: inout JSONWriter) { json.member("ContentType", mediaType) }
    }

    let renderer: Renderer
    let log: Log
    let metrics: Metrics

    func permissions(for input: Transformation, in call: Call) -> [Permission] { [] }

    func perform(_ input: Transformation, in call: Call) async throws -> Output {
        do {
            let source = call.body ?? ByteStream([])
            let image = try await renderer.render(isPatient: false, [input]) { try await Self.bytes(of: source) }
            metrics.count("apus_thumbnails_total", labels: "outcome=\"derived\"")
            guard let image = image.first else { throw Refusal.limitExceeded }
            return Output(mediaType: image.mediaType, body: ByteStream(image.bytes))
        } catch let refusal as Refusal {
            metrics.count("apus_thumbnails_total", labels: "outcome=\"refused\"")
            throw ServiceError(refusal.code, refusal.reason, status: 422)
        } catch is AsyncSemaphore.Full {
            // S3's word for too many at once.
            throw ServiceError("SlowDown", "Please reduce your request rate.", status: 503)
        } catch let failure as WorkerFailure {
            log.error("A worker cannot run", ["error": "\(failure)"])
            throw ServiceError.unavailable
        }
    }

    private static func bytes(of stream: ByteStream) async throws -> [UInt8] {
        do {
            return try await stream.collect(upTo: ImageLimits.fileBytes)
        } catch ByteStreamError.tooLong {
            throw Refusal.tooLarge
        }
    }
}
