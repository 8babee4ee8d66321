import Bytes
import HTTPTypes
import JSON

/// REST with JSON bodies.
struct RESTJSONFormat: WireFormat {
    private let model: ServiceModel
    private let bindings: HTTPBindingReader
    private let answers: HTTPBindingWriter
    private let bodies: JSONBodyTranslator

    init(_ model: ServiceModel) {
        self.model = model
        bindings = HTTPBindingReader(model: model)
        answers = HTTPBindingWriter(model: model)
        bodies = JSONBodyTranslator(model)
    }

    // MARK: Requests

    func input(of call: WireCall, _ request: WireRequest) throws(WireFault) -> [UInt8] {
        guard let id = call.operation.input else { return Array("{}".utf8) }
        let shape = model[id]
        var json = JSONWriter(capacity: request.body.count + 256)
        try json.object { (json: inout JSONWriter) throws(WireFault) in
            // The body first: where a name stands twice the last one counts, and that must be the path's.
            if let payload = shape.payload {
                try writePayload(payload, request, to: &json)
            } else if !request.body.isEmpty, shape.members.contains(where: { $0.location == .body }) {
                try writeBody(request.body, id, shape, to: &json)
            }
            try bindings.writeMembers(of: shape, call, request, to: &json)
        }
        return json.bytes
    }

    private func writeBody(_ body: [UInt8], _ id: ShapeID, _ shape: Shape, to json: inout JSONWriter)
        throws(WireFault)
    {
        let root = try parse(body)
        guard root.kind == .object else { throw WireFault(.invalidValue, "the body is no JSON object") }
        if bodies.differs(id) { return try bodies.writeMembers(of: root, shape, .toBus, to: &json) }
        let inside = root.rawBytes.dropFirst().dropLast()
        if inside.contains(where: { $0 > 0x20 }) { json.raw(inside) }
    }

    private func writePayload(_ member: Member, _ request: WireRequest, to json: inout JSONWriter) throws(WireFault) {
        let shape = model[member.target]
        guard !request.body.isEmpty, !member.isStream(shape) else { return }
        json.name(member.name)
        switch shape.kind {
        case .blob: json.string(Base64.string(request.body))
        case .string: json.string(String(decoding: request.body, as: UTF8.self))
        default: try bodies.write(try parse(request.body), member.target, .toBus, to: &json)
        }
    }

    private func parse(_ body: [UInt8]) throws(WireFault) -> JSONValue {
        do { return try JSONDocument(body).root } catch { throw WireFault(.malformed, "the body is no JSON: \(error)") }
    }

    // MARK: Answers

    func success(_ output: [UInt8], of operation: OperationModel, _ context: AnswerContext) throws(WireFault)
        -> WireResponse
    {
        var answer = WireResponse(status: operation.status, fields: ["x-amzn-RequestId": context.requestID])
        guard let id = operation.output else { return answer }
        let shape = model[id]
        if !bodies.differs(id), !HTTPBindingWriter.hasBindings(shape) {
            answer.body = output.isEmpty ? Array("{}".utf8) : output
        } else {
            let value = try parseOutput(output)
            try answers.write(value, shape, status: &answer.head.status, fields: &answer.head.fields)
            if let payload = shape.payload {
                try writePayload(payload, value[payload.name], to: &answer)
                return answer
            }
            var json = JSONWriter(capacity: output.count)
            try json.object { (json: inout JSONWriter) throws(WireFault) in
                try bodies.writeMembers(of: value, shape, .toWire, to: &json)
            }
            answer.body = json.bytes
        }
        if answer.head.status == 204 || answer.head.status == 304 { answer.body = [] }
        if !answer.body.isEmpty { answer.setContentType("application/json") }
        return answer
    }

    private func writePayload(_ member: Member, _ value: JSONValue?, to answer: inout WireResponse) throws(WireFault) {
        let shape = model[member.target]
        guard !member.isStream(shape) else { return answer.setContentType("application/octet-stream") }
        guard let value, !value.isNull else {
            if shape.kind == .structure, !shape.traits.isUnion { answer.body = Array("{}".utf8) }
            return
        }
        switch shape.kind {
        case .blob:
            answer.setContentType("application/octet-stream")
            answer.body = try BlobText.bytes(of: value)
        case .string:
            answer.setContentType("text/plain")
            answer.body = Array((value.string ?? "").utf8)
        default:
            answer.setContentType("application/json")
            var json = JSONWriter()
            try bodies.write(value, member.target, .toWire, to: &json)
            answer.body = json.bytes
        }
    }

    private func parseOutput(_ output: [UInt8]) throws(WireFault) -> JSONValue {
        guard let document = try? JSONDocument(output.isEmpty ? Array("{}".utf8) : output) else {
            throw WireFault(.output, "output is no JSON")
        }
        return document.root
    }

    func failure(_ error: WireError, _ context: AnswerContext) -> WireResponse {
        let error = DescribedError(error, in: model)
        var status = error.status
        var fields: HTTPFields = [
            "Content-Type": "application/json", "x-amzn-RequestId": context.requestID,
            "x-amzn-ErrorType": error.shapeName,
        ]
        var json = JSONWriter()
        json.object { json in
            let name = error.shape?.members.first { $0.name.lowercased() == "message" }?.wireName ?? "message"
            json.member(name, error.error.message)
            writeMembers(of: error, status: &status, fields: &fields, to: &json)
        }
        return WireResponse(status: status, fields: fields, body: json.bytes)
    }

    /// Members that do not fit their shape are left out; the error itself must arrive.
    private func writeMembers(
        of error: DescribedError, status: inout Int, fields: inout HTTPFields, to json: inout JSONWriter
    ) {
        guard let members = error.members else { return }
        guard let shape = error.shape else { return json.raw(error.error.members) }
        try? answers.write(members, shape, status: &status, fields: &fields)
        var part = json
        if (try? bodies.writeMembers(of: members, shape, .toWire, to: &part)) != nil { json = part }
    }

    func error(for fault: WireFault) -> WireError { WireError("SerializationException", fault.reason) }
}

extension Member {
    /// The value is a stream beside the JSON.
    func isStream(_ shape: Shape) -> Bool {
        traits.isStreaming || shape.traits.isStreaming || shape.traits.isEventStream
    }
}

extension WireResponse {
    /// Unless a member bound to the field has set it.
    mutating func setContentType(_ type: String) {
        if !head.fields.contains("Content-Type") { head.fields.append("Content-Type", type) }
    }
}
