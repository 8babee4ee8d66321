import ServiceKit

/// A task that a function does.
///
/// [Invoking functions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html)
struct BatchInvocation: Sendable {
    let session: BatchSession
    let options: JSONValue

    private var isSecondSchema: Bool { options["InvocationSchemaVersion"]?.string == "2.0" }

    /// - Throws: `ServiceError` with 5xx for what is worth another try.
    func result(of task: BatchTask) async throws -> BatchResult {
        let id = Identifier.uuid()
        var json = JSONWriter()
        json.object { json in
            json.member("FunctionName", options["FunctionArn"])
            json.member("Payload", Blob(event(of: task, id)))
        }
        let reply = try await session.call("lambda", "Invoke", json.bytes)
        let payload: [UInt8]
        if let stream = reply.stream {
            payload = try await stream.collect(upTo: 6 << 20)
        } else {
            payload = (try Members(reply.output)("Payload") as Blob?)?.bytes ?? []
        }
        if reply.output["FunctionError"]?.string != nil {
            return failure("Lambda returned function error: \(String(decoding: payload, as: UTF8.self))")
        }
        return try judge(payload, of: task)
    }

    private func event(of task: BatchTask, _ id: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("invocationSchemaVersion", isSecondSchema ? "2.0" : "1.0")
            json.member("invocationId", id)
            json.member("job") { json in
                json.object { json in
                    json.member("id", session.job.id)
                    if isSecondSchema { json.member("userArguments", options["UserArguments"]) }
                }
            }
            json.member("tasks") { json in json.array { json in json.object { write(task, to: &$0) } } }
        }
        return json.bytes
    }

    private func write(_ task: BatchTask, to json: inout JSONWriter) {
        json.member("taskId", String(task.number))
        json.member("s3Key", PercentEncoding.string(task.target.key, keepingSlash: true))
        if let version = task.target.version {
            json.member("s3VersionId", version)
        } else {
            json.name("s3VersionId")
            json.null()
        }
        if isSecondSchema {
            json.member("s3Bucket", task.target.bucket)
        } else {
            json.member("s3BucketArn", ARN("s3", task.target.bucket))
        }
    }

    private func judge(_ payload: [UInt8], of task: BatchTask) throws -> BatchResult {
        guard let answer = try? JSONDocument(payload).root else { return failure("The function answered no JSON.") }
        let own = answer["results"]?.elements.first { $0["taskId"]?.string == String(task.number) }
        let code = own?["resultCode"]?.string ?? answer["treatMissingKeysAs"]?.string ?? "PermanentFailure"
        let text = own?["resultString"]?.string ?? ""
        switch code {
        case "Succeeded": return BatchResult(state: .succeeded, message: text)
        case "TemporaryFailure": throw ServiceError("TemporaryFailure", text, status: 503)
        default: return failure(text)
        }
    }

    private func failure(_ text: String) -> BatchResult {
        BatchResult(state: .failed, status: 200, code: "PermanentFailure", message: text)
    }
}
