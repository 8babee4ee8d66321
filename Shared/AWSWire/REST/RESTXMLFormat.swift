import Bytes
import HTTPTypes
import JSON

/// REST with XML bodies: S3, CloudFront, Route 53.
struct RESTXMLFormat: WireFormat {
    private let model: ServiceModel
    private let isS3: Bool
    private let bindings: HTTPBindingReader
    private let answers: HTTPBindingWriter
    private let reader: XMLShapeReader
    private let writer: XMLShapeWriter

    /// The namespaces of documents, as each service's API reference shows them.
    private static let namespaces = [
        "s3": "http://s3.amazonaws.com/doc/2006-03-01/",
        "s3control": "http://awss3control.amazonaws.com/doc/2018-08-20/",
        "route53": "https://route53.amazonaws.com/doc/2013-04-01/",
        "cloudfront": "http://cloudfront.amazonaws.com/doc/2020-05-31/",
    ]

    init(_ model: ServiceModel) {
        self.model = model
        isS3 = model.service == S3Wire.service
        bindings = HTTPBindingReader(model: model)
        answers = HTTPBindingWriter(model: model)
        reader = XMLShapeReader(model)
        writer = XMLShapeWriter(model, scalars: ScalarText(timestamps: .iso8601, hasMilliseconds: isS3))
    }

    // MARK: Requests

    func input(of call: WireCall, _ request: WireRequest) throws(WireFault) -> [UInt8] {
        if isS3 { try S3Wire.check(request.fields, of: call.operation) }
        guard let id = call.operation.input else { return Array("{}".utf8) }
        let shape = model[id]
        var json = JSONWriter(capacity: request.body.count + 256)
        try json.object { (json: inout JSONWriter) throws(WireFault) in
            if let payload = shape.payload {
                try writePayload(payload, request, to: &json)
            } else if !request.body.isEmpty, shape.members.contains(where: { $0.location == .body }) {
                try reader.writeMembers(of: try XMLParser.parse(request.body), shape, to: &json)
            }
            try bindings.writeMembers(of: shape, call, request, to: &json)
        }
        return json.bytes
    }

    private func writePayload(_ member: Member, _ request: WireRequest, to json: inout JSONWriter) throws(WireFault) {
        let shape = model[member.target]
        guard !request.body.isEmpty, !member.isStream(shape) else { return }
        json.name(member.name)
        switch shape.kind {
        case .blob: json.string(Base64.string(request.body))
        case .string: json.string(String(decoding: request.body, as: UTF8.self))
        default: try reader.write(try XMLParser.parse(request.body), member, to: &json)
        }
    }

    // MARK: Answers

    func success(_ output: [UInt8], of operation: OperationModel, _ context: AnswerContext) throws(WireFault)
        -> WireResponse
    {
        let status = (isS3 ? S3Wire.statuses[operation.name] : nil) ?? operation.status
        var answer = WireResponse(status: status, fields: identification(context))
        guard let id = operation.output else { return answer }
        let shape = model[id]
        guard let document = try? JSONDocument(output.isEmpty ? Array("{}".utf8) : output) else {
            throw WireFault(.output, "output is no JSON")
        }
        let value = document.root
        try answers.write(value, shape, status: &answer.head.status, fields: &answer.head.fields)
        if isS3 {
            if let status = S3Wire.status(of: value, answer.head.fields) { answer.head.status = status }
            for (member, header) in S3Wire.moreHeaders[operation.name] ?? [:] {
                if let text = value[member]?.string { answer.head.fields.append(header, text) }
            }
        }
        if let payload = shape.payload {
            try writePayload(payload, value[payload.name], to: &answer)
        } else if isS3, operation.name == "GetBucketLocation" {
            answer.setContentType("application/xml")
            answer.body = S3Wire.location(value["LocationConstraint"]?.string ?? "", namespace: namespace)
        } else if shape.members.contains(where: { $0.location == .body }) {
            let root = isS3 ? S3Wire.rootNames[shape.name] : nil
            try writeDocument(value, named: root ?? shape.traits.locationName ?? shape.name, shape, nil, to: &answer)
        }
        return answer
    }

    private func writePayload(_ member: Member, _ value: JSONValue?, to answer: inout WireResponse) throws(WireFault) {
        let shape = model[member.target]
        if member.isStream(shape) { return answer.setContentType("application/octet-stream") }
        guard let value, !value.isNull else { return }
        switch shape.kind {
        case .blob:
            answer.setContentType("application/octet-stream")
            answer.body = try BlobText.bytes(of: value)
        case .string:
            answer.setContentType(isS3 ? "application/json" : "text/plain")
            answer.body = Array((value.string ?? "").utf8)
        default:
            try writeDocument(value, named: rootName(of: member, shape), shape, member.traits.xmlNamespace, to: &answer)
        }
    }

    private func rootName(of payload: Member, _ shape: Shape) -> String {
        // Outside S3 the models repeat the member's own name without meaning it.
        if let name = payload.locationName, isS3 || name != payload.name { return name }
        return shape.traits.locationName ?? shape.name
    }

    private func writeDocument(
        _ value: JSONValue, named name: String, _ shape: Shape, _ own: XMLNamespace?, to answer: inout WireResponse
    ) throws(WireFault) {
        // A document is about twice the JSON it is made of.
        var xml = XMLWriter(declaration: true, capacity: 2 * value.rawRange.count)
        let declared = own ?? shape.traits.xmlNamespace ?? namespace.map { XMLNamespace(uri: $0, prefix: nil) }
        try writer.write(value, named: name, shape, declared, to: &xml)
        answer.setContentType("application/xml")
        answer.body = xml.bytes
    }

    func failure(_ error: WireError, _ context: AnswerContext) -> WireResponse {
        let error = DescribedError(error, in: model)
        var status = error.status
        var fields = identification(context)
        if let members = error.members, let shape = error.shape {
            // Members that do not fit are left out; the error itself must arrive.
            try? answers.write(members, shape, status: &status, fields: &fields)
        }
        if isS3, let members = error.members { S3Wire.addHeaders(of: members, to: &fields) }
        guard !context.isHead, status != 304 else { return WireResponse(status: status, fields: fields) }
        fields.append("Content-Type", "application/xml")
        return WireResponse(status: status, fields: fields, body: isS3 ? s3Body(error, context) : body(error, context))
    }

    private func body(_ error: DescribedError, _ context: AnswerContext) -> [UInt8] {
        var xml = XMLWriter(declaration: true)
        xml.open("ErrorResponse", [("xmlns", namespace ?? "")])
        xml.open("Error")
        xml.element("Type", error.isSenderFault ? "Sender" : "Receiver")
        xml.element("Code", error.queryCode)
        xml.element("Message", error.error.message)
        writer.writeErrorMembers(of: error, to: &xml)
        xml.close("Error")
        xml.element("RequestId", context.requestID)
        xml.close("ErrorResponse")
        return xml.bytes
    }

    private func s3Body(_ error: DescribedError, _ context: AnswerContext) -> [UInt8] {
        var xml = XMLWriter(declaration: true)
        xml.open("Error")
        xml.element("Code", error.queryCode)
        xml.element("Message", error.error.message)
        writer.writeErrorMembers(of: error, to: &xml)
        xml.element("Resource", context.resource)
        xml.element("RequestId", context.requestID)
        xml.element("HostId", context.hostID)
        xml.close("Error")
        return xml.bytes
    }

    func error(for fault: WireFault) -> WireError {
        guard isS3 else { return WireError("InvalidInput", fault.reason) }
        return fault.kind == .invalidValue ? WireError("InvalidArgument", fault.reason) : S3Wire.malformedXML
    }

    private var namespace: String? { model.metadata.xmlNamespace?.uri ?? RESTXMLFormat.namespaces[model.service] }

    private func identification(_ context: AnswerContext) -> HTTPFields {
        if isS3 { return ["x-amz-request-id": context.requestID, "x-amz-id-2": context.hostID] }
        return ["x-amzn-RequestId": context.requestID]
    }
}
