import HTTPTypes
import JSON

/// awsJson 1.0 and 1.1: bodies pass through as they are.
struct JSONFormat: WireFormat {
    private let model: ServiceModel
    private let contentType: String

    init(_ model: ServiceModel) {
        self.model = model
        contentType = "application/x-amz-json-\(model.metadata.jsonVersion)"
    }

    func input(of call: WireCall, _ request: WireRequest) -> [UInt8] {
        request.body.isEmpty ? Array("{}".utf8) : request.body
    }

    func success(_ output: [UInt8], of operation: OperationModel, _ context: AnswerContext) -> WireResponse {
        // DynamoDB answers no body at all where its model has no output; other services answer an empty object.
        if operation.output == nil, model.service == "dynamodb" {
            return WireResponse(status: 200, fields: fields(context), body: [])
        }
        return WireResponse(status: 200, fields: fields(context), body: output.isEmpty ? Array("{}".utf8) : output)
    }

    func failure(_ error: WireError, _ context: AnswerContext) -> WireResponse {
        let error = DescribedError(error, in: model)
        var fields = fields(context)
        if model.metadata.isQueryCompatible {
            fields.append("x-amzn-query-error", "\(error.queryCode);\(error.isSenderFault ? "Sender" : "Receiver")")
        }
        var json = JSONWriter()
        json.object { json in
            json.member("__type", JSONErrorNames.type(error.shapeName, of: model.service))
            JSONErrorNames.writeMessageAndMembers(of: error, to: &json)
        }
        return WireResponse(status: error.status(in: model.metadata), fields: fields, body: json.bytes)
    }

    func error(for fault: WireFault) -> WireError { WireError("SerializationException", fault.reason) }

    private func fields(_ context: AnswerContext) -> HTTPFields {
        ["Content-Type": contentType, "x-amzn-RequestId": context.requestID]
    }
}
