import Compression
import ServiceKit

/// Makes the list of a job's tasks, out of a manifest or of what a bucket has.
struct BatchPreparation: Sendable {
    let store: S3Store
    let session: BatchSession

    private var job: BatchJob { session.job }

    /// - Throws: `BatchJob.Failure` where the list is not to be had, `ServiceError` where it is worth another try.
    func run(at now: Timestamp) async throws {
        do {
            try await store.database.write { try $0.clearTasks(of: job) }
            let (count, generated) = try await list()
            try await store.database.write { transaction in
                try transaction.finishPreparing(job, tasks: count, generated: generated, at: now)
            }
        } catch let error as ServiceError where error.status < 500 {
            throw BatchJob.Failure(code: error.code, reason: "The manifest cannot be read: \(error.message)")
        } catch is CompressionFault {
            throw BatchJob.Failure(code: "InvalidManifest", reason: "A file of the manifest is not of gzip.")
        } catch is JSONError {
            throw BatchJob.Failure(code: "InvalidManifest", reason: "The manifest is not of JSON.")
        }
    }

    private func list() async throws -> (count: Int64, generated: [UInt8]?) {
        var count: Int64 = 0
        if let generator = job.request["ManifestGenerator"] {
            let generator = try BatchManifestGenerator(generator, for: try job.operation)
            _ = try await session.own("AdmitManifestGenerator") { json in
                json.member("Job", job.row)
                json.member("Bucket", generator.source)
            }
            try await generator.generate(store) { count += try await add($0, from: count) }
            return (count, try await generator.keep(store, session))
        }
        guard let manifest = job.request["Manifest"] else { return (0, nil) }
        try await BatchManifest(manifest, session).read { count += try await add($0, from: count) }
        return (count, nil)
    }

    private func add(_ targets: [BatchTarget], from number: Int64) async throws -> Int64 {
        guard !targets.isEmpty else { return 0 }
        try await store.database.write { transaction in
            // Cancelled meanwhile: what was listed is of no use.
            guard try transaction.batchJob(job.row)?.status == .preparing else { throw CancellationError() }
            try transaction.add(targets, to: job, from: number)
        }
        return Int64(targets.count)
    }
}
