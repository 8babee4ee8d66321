import ServiceKit

/// Tells of a job's tasks in objects beside it.
///
/// [Completion reports](https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html)
struct BatchReport: Sendable {
    private static let schema = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"
    /// Tasks that are read at a time.
    private static let batch = 1000

    private struct File {
        let status: String
        let key: String
        let digest: String
    }

    let store: S3Store
    let session: BatchSession

    private var job: BatchJob { session.job }

    /// Does nothing where no report was asked for, or nothing was done.
    func write(at now: Timestamp) async throws {
        guard let wish = job.request["Report"], wish["Enabled"]?.bool ?? false, let bucket = wish["Bucket"]?.bucketName
        else { return }
        let prefix = wish["Prefix"]?.string.map { $0.hasSuffix("/") ? $0 : "\($0)/" } ?? ""
        let folder = "\(prefix)job-\(job.id)"
        var files: [File] = []
        if job.progress.succeeded > 0, wish["ReportScope"]?.string != "FailedTasksOnly" {
            files.append(try await put(.succeeded, as: "succeeded", below: folder, in: bucket))
        }
        if job.progress.failed > 0 { files.append(try await put(.failed, as: "failed", below: folder, in: bucket)) }
        guard job.progress.succeeded + job.progress.failed > 0 else { return }
        let index = index(of: files, in: bucket, at: now)
        let digest = try await session.put(index, as: "\(folder)/manifest.json", in: bucket)
        _ = try await session.put(Array(digest.utf8), as: "\(folder)/manifest.json.md5", in: bucket)
    }

    private func put(
        _ state: BatchTask.State, as status: String, below folder: String, in bucket: String
    ) async throws -> File {
        // The same name for another try after a crash.
        let name = Hex.string(SHA1.hash("\(job.id) \(status)"))
        let key = "\(folder)/results/\(name).csv"
        let pages = ReportPages(store: store, job: job, state: state, status: status, size: Self.batch)
        let stream = ByteStream(length: nil) { try await pages.next() }
        return File(status: status, key: key, digest: try await session.put(stream, as: key, in: bucket))
    }

    private func index(of files: [File], in bucket: String, at now: Timestamp) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("Format", "Report_CSV_20180820")
            json.member("ReportCreationDate", now.iso8601(milliseconds: true))
            json.member("Results") { json in
                json.array { json in
                    for file in files {
                        json.object { json in
                            json.member("TaskExecutionStatus", file.status)
                            json.member("Bucket", bucket)
                            json.member("MD5Checksum", file.digest)
                            json.member("Key", file.key)
                        }
                    }
                }
            }
            json.member("ReportSchema", Self.schema)
        }
        return json.bytes
    }
}

/// The lines of a report, a page at a time.
private actor ReportPages {
    private let store: S3Store
    private let job: BatchJob
    private let state: BatchTask.State
    private let status: String
    private let size: Int
    private var last: Int64 = -1

    init(store: S3Store, job: BatchJob, state: BatchTask.State, status: String, size: Int) {
        (self.store, self.job, self.state, self.status, self.size) = (store, job, state, status, size)
    }

    /// `nil` at the end.
    func next() async throws -> [UInt8]? {
        let (start, limit) = (last, size)
        let page = try await store.read { try $0.finishedBatchTasks(of: job, state, after: start, limit: limit) }
        guard let end = page.last?.task.number else { return nil }
        last = end
        return page.flatMap { task, result in
            // In AWS's examples the status stands before the code, otherwise than the schema says.
            Array(
                CSVRows.line(task.target.reported + [status, String(result.status), result.code, result.message]).utf8)
        }
    }
}
