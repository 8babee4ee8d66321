import HTTPTypes
import JSON

/// The query protocol, and EC2's variant of it: form parameters in, XML out.
struct QueryFormat: WireFormat {
    private let model: ServiceModel
    private let isEC2: Bool
    private let reader: QueryReader
    private let writer: XMLShapeWriter

    init(_ model: ServiceModel, isEC2: Bool) {
        self.model = model
        self.isEC2 = isEC2
        reader = QueryReader(model, isEC2: isEC2)
        writer = XMLShapeWriter(model, scalars: .queryOrXML)
    }

    func input(of call: WireCall, _ request: WireRequest) throws(WireFault) -> [UInt8] {
        guard let input = call.operation.input else { return Array("{}".utf8) }
        return try reader.read(try QueryTree(request), as: model[input])
    }

    func success(_ output: [UInt8], of operation: OperationModel, _ context: AnswerContext) throws(WireFault)
        -> WireResponse
    {
        var xml = XMLWriter()
        xml.open("\(operation.name)Response", [("xmlns", model.metadata.xmlNamespace?.uri ?? "")])
        if let shape = operation.output {
            guard let document = try? JSONDocument(output.isEmpty ? Array("{}".utf8) : output) else {
                throw WireFault(.output, "output is no JSON")
            }
            let wrapper = isEC2 ? nil : operation.resultWrapper ?? "\(operation.name)Result"
            if let wrapper { xml.open(wrapper) }
            try writer.writeMembers(of: document.root, model[shape], to: &xml)
            if let wrapper { xml.close(wrapper) }
        }
        writeRequestID(context, to: &xml)
        xml.close("\(operation.name)Response")
        return WireResponse(status: 200, fields: fields(context), body: xml.bytes)
    }

    func failure(_ error: WireError, _ context: AnswerContext) -> WireResponse {
        let error = DescribedError(error, in: model)
        var xml = XMLWriter()
        xml.open(isEC2 ? "Response" : "ErrorResponse", [("xmlns", model.metadata.xmlNamespace?.uri ?? "")])
        if isEC2 { xml.open("Errors") }
        xml.open("Error")
        if !isEC2 { xml.element("Type", error.isSenderFault ? "Sender" : "Receiver") }
        xml.element("Code", error.queryCode)
        xml.element("Message", error.error.message)
        writer.writeErrorMembers(of: error, to: &xml)
        xml.close("Error")
        if isEC2 { xml.close("Errors") }
        xml.element(isEC2 ? "RequestID" : "RequestId", context.requestID)
        xml.close(isEC2 ? "Response" : "ErrorResponse")
        return WireResponse(status: error.status, fields: fields(context), body: xml.bytes)
    }

    func error(for fault: WireFault) -> WireError { WireError("MalformedInput", fault.reason) }

    private func writeRequestID(_ context: AnswerContext, to xml: inout XMLWriter) {
        if isEC2 { return xml.element("requestId", context.requestID) }
        xml.open("ResponseMetadata")
        xml.element("RequestId", context.requestID)
        xml.close("ResponseMetadata")
    }

    private func fields(_ context: AnswerContext) -> HTTPFields {
        ["Content-Type": "text/xml", "x-amzn-RequestId": context.requestID]
    }
}
