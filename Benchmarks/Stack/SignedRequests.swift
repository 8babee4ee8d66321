import AWSSignature
import HTTPTypes
import Time

/// A request made and signed before the clock starts: signing is the client's work, not what is measured.
struct PreparedRequest: Sendable {
    let head: RequestHead
    let body: [UInt8]
}

/// The requests of a workload, each another one: another key, another body.
struct SignedRequests {
    let authority: String
    let signer: Signer
    /// Names the run, so that bodies differ from those of runs before.
    let salt: UInt64

    init(_ service: String, _ options: Options) throws {
        authority = try options.authority()
        signer = try options.signer(service)
        salt = UInt64(Timestamp.now().milliseconds)
    }

    func getItem(_ number: Int, table: String) -> PreparedRequest {
        dynamoDB("GetItem", #"{"TableName":"\#(table)","Key":{"id":{"S":"item-\#(number)"}}}"#)
    }

    func putItem(_ number: Int, table: String) -> PreparedRequest {
        let text = VariedBytes.text(900, seed: salt &+ UInt64(number))
        return dynamoDB(
            "PutItem",
            """
            {"TableName":"\(table)","Item":{"id":{"S":"item-\(number)"},"text":{"S":"\(text)"},\
            "done":{"BOOL":false},"rank":{"N":"\(number)"}}}
            """)
    }

    func getObject(_ number: Int, bucket: String) -> PreparedRequest {
        signed("GET", "/\(bucket)/object-\(number)")
    }

    func putObject(_ number: Int, bucket: String) -> PreparedRequest {
        let text = VariedBytes.text(1024, seed: salt &+ UInt64(number))
        return signed("PUT", "/\(bucket)/object-\(number)", body: Array(text.utf8))
    }

    func invoke(_ function: String, payload: String) -> PreparedRequest {
        signed("POST", "/2015-03-31/functions/\(function)/invocations", body: Array(payload.utf8))
    }

    /// Any request a root user may always make.
    func callerIdentity() -> PreparedRequest {
        signed(
            "POST", "/", ["Content-Type": "application/x-www-form-urlencoded"],
            body: Array("Action=GetCallerIdentity&Version=2011-06-15".utf8))
    }

    private func dynamoDB(_ operation: String, _ body: String) -> PreparedRequest {
        let fields: HTTPFields = [
            "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.\(operation)",
        ]
        return signed("POST", "/", fields, body: Array(body.utf8))
    }

    private func signed(
        _ method: String, _ target: String, _ fields: HTTPFields = HTTPFields(), body: [UInt8] = []
    ) -> PreparedRequest {
        var head = RequestHead(method: method, target: target, fields: fields)
        head.fields["Host"] = authority
        return PreparedRequest(head: signer.sign(head, body: body, at: .now()), body: body)
    }
}
