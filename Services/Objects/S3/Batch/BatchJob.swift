import ServiceKit

/// A job that does one thing to each object of a list, in a role.
///
/// [Job statuses](https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html)
struct BatchJob: Sendable {
    static let topic = "batch jobs"

    enum Status: String, Sendable, SQLValue {
        case new = "New"
        /// Its list is being made.
        case preparing = "Preparing"
        /// Its list is there; somebody is to confirm it.
        case suspended = "Suspended"
        case ready = "Ready"
        case active = "Active"
        /// One of a higher priority goes first.
        case paused = "Paused"
        // What it did is being reported.
        case completing = "Completing"
        case cancelling = "Cancelling"
        case failing = "Failing"
        case complete = "Complete"
        case cancelled = "Cancelled"
        case failed = "Failed"

        /// What follows the report; `nil` for one that is not being reported.
        var end: Status? {
            switch self {
            case .completing: .complete
            case .cancelling: .cancelled
            case .failing: .failed
            default: nil
            }
        }
    }

    struct Progress: Sendable {
        var total: Int64 = 0
        var succeeded: Int64 = 0
        var failed: Int64 = 0
        var activeMilliseconds: Int64 = 0
    }

    struct Failure: Error, Sendable {
        let code: String
        let reason: String
    }

    let row: Int64
    let id: String
    let account: String
    let region: String
    let created: Timestamp
    let priority: Int64
    let status: Status
    /// As `CreateJob` was asked for it.
    let request: JSONValue
    let tags: Tags
    var reason: String?
    var failure: Failure?
    var terminated: Timestamp?
    var suspended: Timestamp?
    var progress = Progress()
    /// The next task that was not begun.
    var position: Int64 = 0
    /// `GeneratedManifestDescriptor`
    var generatedManifest: JSONValue?

    var arn: ARN { ARN("s3", region: region, account: account, "job/\(id)") }
    var needsConfirmation: Bool { request["ConfirmationRequired"]?.bool ?? false }
    var operation: BatchOperation { get throws { try BatchOperation(request["Operation"]) } }
    var role: String { request["RoleArn"]?.string ?? "" }

    static let suspensionCause = "AWAITING_CONFIRMATION"

    /// Condition keys of every request about it.
    var conditions: [String: [String]] {
        get throws {
            var keys = ["s3:ExistingJobPriority": [String(priority)]]
            keys["s3:ExistingJobOperation"] = [try operation.kind.rawValue]
            if status == .suspended { keys["s3:JobSuspendedCause"] = [Self.suspensionCause] }
            return keys
        }
    }

    /// `JobDescriptor`
    func write(to json: inout JSONWriter) {
        json.member("JobId", id)
        json.member("ConfirmationRequired", needsConfirmation)
        json.member("Description", request["Description"])
        json.member("JobArn", arn)
        json.member("Status", status.rawValue)
        json.member("Manifest", request["Manifest"])
        json.member("Operation", request["Operation"])
        json.member("Priority", priority)
        writeProgress(to: &json)
        json.member("StatusUpdateReason", reason)
        if let failure {
            json.member("FailureReasons") { json in
                json.array { json in
                    json.object { json in
                        json.member("FailureCode", failure.code)
                        json.member("FailureReason", failure.reason)
                    }
                }
            }
        }
        json.member("Report", request["Report"])
        json.member("CreationTime", created)
        json.member("TerminationDate", terminated)
        json.member("RoleArn", role)
        json.member("SuspendedDate", suspended)
        json.member("SuspendedCause", suspended.map { _ in Self.suspensionCause })
        json.member("ManifestGenerator", request["ManifestGenerator"])
        json.member("GeneratedManifestDescriptor", generatedManifest)
    }

    /// `JobListDescriptor`
    func writeSummary(to json: inout JSONWriter) {
        json.member("JobId", id)
        json.member("Description", request["Description"])
        json.member("Operation", request["Operation"]?.members.first { _ in true }?.name)
        json.member("Priority", priority)
        json.member("Status", status.rawValue)
        json.member("CreationTime", created)
        json.member("TerminationDate", terminated)
        writeProgress(to: &json)
    }

    private func writeProgress(to json: inout JSONWriter) {
        json.member("ProgressSummary") { json in
            json.object { json in
                json.member("TotalNumberOfTasks", progress.total)
                json.member("NumberOfTasksSucceeded", progress.succeeded)
                json.member("NumberOfTasksFailed", progress.failed)
                json.member("Timers") { json in
                    json.object { $0.member("ElapsedTimeInActiveSeconds", progress.activeMilliseconds / 1000) }
                }
            }
        }
    }
}

/// One object of a job's list.
struct BatchTarget: Sendable, Equatable {
    let bucket: String
    let key: String
    /// The current one for `nil`.
    let version: String?

    /// The members by which operations of S3 name it.
    func write(to json: inout JSONWriter) {
        json.member("Bucket", bucket)
        json.member("Key", key)
        json.member("VersionId", version)
    }
}

extension BatchTarget {
    init(_ member: Members) throws {
        self.init(bucket: try member("Bucket"), key: try member("Key"), version: try member("VersionId"))
    }

    var reference: ObjectReference {
        ObjectReference(bucket: BucketReference(name: bucket), key: key, version: version)
    }
}

/// A line of a job's list, and what became of it.
struct BatchTask: Sendable {
    enum State: Int64, Sendable, SQLValue {
        case open = 0
        /// Begun; something else finishes it.
        case waiting = 1
        case succeeded = 2
        case failed = 3
    }

    let number: Int64
    let target: BatchTarget
}

/// What became of a task, as reports tell it.
struct BatchResult: Sendable {
    let state: BatchTask.State
    var status = 200
    var code = ""
    var message = ""

    static let waiting = BatchResult(state: .waiting)
    static let succeeded = BatchResult(state: .succeeded, message: "Successful")

    static func failed(_ error: ServiceError) -> BatchResult {
        BatchResult(state: .failed, status: error.status, code: error.code, message: error.message)
    }
}

extension ServiceError {
    static let noSuchJob = ServiceError("NoSuchJobException", "The specified job does not exist.", status: 404)
}
