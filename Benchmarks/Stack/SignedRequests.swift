import AWSSignature
import HTTPTypes
import Time

/// A request made and signed before the clock starts: signing is the client's work, not what is measured.
struct PreparedRequest: Sendable {
    let head: RequestHead
    let body: [UInt8]

    /// As HTTP/1.1 text.
    var bytes: [UInt8] {
        let fields = head.fields.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        let length = body.isEmpty && head.method == "GET" ? "" : "Content-Length: \(body.count)\r\n"
        return Array("\(head.method) \(head.target) HTTP/1.1\r\n\(fields)\(length)\r\n".utf8) + body
    }
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

    /// From all over a table that `tables-bench` filled, in the folder of a stack.
    func getItem(of items: Int, _ number: Int, table: String) -> PreparedRequest {
        let item = Int((UInt64(number) &* 0x9E37_79B9_7F4A_7C15) >> 20 % UInt64(items))
        return dynamoDB(
            "GetItem", #"{"TableName":"\#(table)","Key":{"p":{"S":"\#(item / 100)"},"c":{"N":"\#(item % 100)"}}}"#)
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

    /// Twenty of the orders of one customer.
    func query(_ number: Int, table: String) -> PreparedRequest {
        dynamoDB(
            "Query",
            """
            {"TableName":"\(table)","KeyConditionExpression":"id = :id","Limit":20,\
            "ExpressionAttributeValues":{":id":{"S":"customer-\(number)"}}}
            """)
    }

    /// The twenty-five orders of one customer.
    func batchWriteItem(_ number: Int, table: String) -> PreparedRequest {
        let puts = (0..<25).map { #"{"PutRequest":{"Item":\#(order($0, of: number))}}"# }
        return dynamoDB("BatchWriteItem", #"{"RequestItems":{"\#(table)":[\#(puts.joined(separator: ","))]}}"#)
    }

    /// An order that must not be there yet, and its customer's count of orders.
    func transactWriteItems(_ number: Int, table: String) -> PreparedRequest {
        dynamoDB(
            "TransactWriteItems",
            """
            {"TransactItems":[{"Put":{"TableName":"\(table)","Item":\(order(number + 1000, of: number)),\
            "ConditionExpression":"attribute_not_exists(refused)"}},\
            {"Update":{"TableName":"\(table)","Key":{"id":{"S":"customer-\(number)"},"number":{"N":"-1"}},\
            "UpdateExpression":"ADD orders :one","ExpressionAttributeValues":{":one":{"N":"1"}}}}]}
            """)
    }

    /// Some 300 bytes.
    private func order(_ number: Int, of customer: Int) -> String {
        let text = VariedBytes.text(220, seed: salt &+ UInt64(customer * 5000 + number))
        return """
            {"id":{"S":"customer-\(customer)"},"number":{"N":"\(number)"},"paid":{"BOOL":true},\
            "price":{"N":"\(number * 7 % 1000).95"},"text":{"S":"\(text)"}}
            """
    }

    func getObject(_ number: Int, bucket: String) -> PreparedRequest {
        signed("GET", "/\(bucket)/object-\(number)")
    }

    func putObject(_ number: Int, bucket: String) -> PreparedRequest {
        let text = VariedBytes.text(1024, seed: salt &+ UInt64(number))
        return signed("PUT", "/\(bucket)/object-\(number)", body: Array(text.utf8))
    }

    func get(_ target: String) -> PreparedRequest { signed("GET", target) }

    func put(_ target: String, bytes: Int, seed: Int) -> PreparedRequest {
        signed("PUT", target, body: VariedBytes.block(bytes, seed: salt &+ UInt64(seed)))
    }

    /// A page of a thousand.
    func listObjects(bucket: String) -> PreparedRequest {
        signed("GET", "/\(bucket)?list-type=2&max-keys=1000")
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
