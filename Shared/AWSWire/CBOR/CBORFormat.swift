import HTTPTypes
import JSON

/// Smithy RPC v2 CBOR.
struct CBORFormat: WireFormat {
    private let model: ServiceModel

    init(_ model: ServiceModel) { self.model = model }

    func input(of call: WireCall, _ request: WireRequest) throws(WireFault) -> [UInt8] {
        guard let shape = call.operation.input, !request.body.isEmpty else { return Array("{}".utf8) }
        var reader = CBORReader(request.body, model)
        return try reader.readDocument(as: shape)
    }

    func success(_ output: [UInt8], of operation: OperationModel, _ context: AnswerContext) throws(WireFault)
        -> WireResponse
    {
        var writer = CBORWriter(model)
        if let shape = operation.output {
            guard let document = try? JSONDocument(output.isEmpty ? Array("{}".utf8) : output) else {
                throw WireFault(.output, "output is no JSON")
            }
            try writer.write(document.root, model[shape])
        }
        return WireResponse(status: 200, fields: fields(context), body: writer.bytes)
    }

    func failure(_ error: WireError, _ context: AnswerContext) -> WireResponse {
        let error = DescribedError(error, in: model)
        var fields = fields(context)
        if model.metadata.isQueryCompatible {
            fields.append("x-amzn-query-error", "\(error.queryCode);\(error.isSenderFault ? "Sender" : "Receiver")")
        }
        var writer = CBORWriter(model)
        writer.writeError(error)
        return WireResponse(status: error.status(in: model.metadata), fields: fields, body: writer.bytes)
    }

    func error(for fault: WireFault) -> WireError { WireError("SerializationException", fault.reason) }

    private func fields(_ context: AnswerContext) -> HTTPFields {
        [
            "Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor",
            "x-amzn-RequestId": context.requestID,
        ]
    }
}
