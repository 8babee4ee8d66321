import ServiceKit

/// What a function answered to a request, as HTTP.
///
/// [Format](https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-response-payload)
struct FunctionURLResponse: InputShape {
    let status: Int
    let headers: [String: String]
    let cookies: [String]
    let body: String
    let isBase64Encoded: Bool

    init(_ member: Members) throws {
        let status: JSONValue = try member("statusCode")
        // Functions often answer the number as a string.
        guard let number = status.int64 ?? status.string.flatMap({ Int64($0) }), (100...599).contains(number) else {
            throw MemberError.invalid("statusCode")
        }
        self.status = Int(number)
        let headers: [String: JSONValue] = try member("headers") ?? [:]
        self.headers = headers.mapValues { $0.string ?? String(decoding: $0.rawBytes, as: UTF8.self) }
        cookies = try member("cookies") ?? []
        body = try member("body") ?? ""
        isBase64Encoded = try member("isBase64Encoded") ?? false
    }

    static let failure = PlaneResponse(
        status: 502, headers: [PlaneRequest.Header("Content-Type", "text/plain")],
        bytes: Array("Internal Server Error".utf8))

    /// An answer of the documented form, or any other JSON, which becomes the body.
    static func response(to payload: [UInt8]) -> PlaneResponse {
        guard let value = try? JSONDocument(payload).root else { return failure }
        guard value["statusCode"] != nil else {
            return PlaneResponse(
                status: 200, headers: [PlaneRequest.Header("Content-Type", "application/json")], bytes: payload)
        }
        guard let answer = try? FunctionURLResponse(json: value), let response = answer.response else { return failure }
        return response
    }

    private static let framing: Set<String> = ["content-length", "transfer-encoding", "connection", "date"]

    /// `nil` where a header cannot be sent: nothing a function answers may end a line.
    private var response: PlaneResponse? {
        var fields = headers.sorted { $0.key < $1.key }.map { PlaneRequest.Header($0.key, $0.value) }
            .filter { !Self.framing.contains($0.name.lowercased()) }
        fields += cookies.map { PlaneRequest.Header("Set-Cookie", $0) }
        if !fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            fields.append(PlaneRequest.Header("Content-Type", "application/json"))
        }
        guard fields.allSatisfy(Self.isSendable) else { return nil }
        guard isBase64Encoded else { return PlaneResponse(status: status, headers: fields, bytes: Array(body.utf8)) }
        return Base64.decode(Array(body.utf8)).map { PlaneResponse(status: status, headers: fields, bytes: $0) }
    }

    private static func isSendable(_ header: PlaneRequest.Header) -> Bool {
        !header.name.isEmpty && header.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
            && header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }
}
