import ServiceKit

/// Runs a function: now and with its answer, later and surely, or not at all to see whether one may.
///
/// [API reference](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)
struct Invoke: AWSOperation {
    struct Input: InputShape {
        let functionName: FunctionName
        let invocationType: String
        let logType: String?
        let clientContext: String?
        let payload: Blob?
        let qualifier: String?

        init(_ member: Members) throws {
            functionName = try member("FunctionName")
            invocationType = try member("InvocationType") ?? "RequestResponse"
            logType = try member("LogType")
            clientContext = try member("ClientContext")
            payload = try member("Payload")
            qualifier = try member("Qualifier")
        }
    }

    struct Output: OutputShape {
        var statusCode: Int
        var functionError: String?
        var logResult: String?
        var payload: Blob?
        var executedVersion: String?

        func write(to json: inout JSONWriter) {
            json.member("StatusCode", statusCode)
            json.member("FunctionError", functionError)
            json.member("LogResult", logResult)
            json.member("Payload", payload)
            json.member("ExecutedVersion", executedVersion)
        }
    }

    private static let payloadLimit = 6_291_456
    private static let eventLimit = 1_048_576

    let store: LambdaStore
    let fleet: Fleet
    let events: EventQueue

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        [try await store.permission("lambda:InvokeFunction", on: input.functionName, input.qualifier, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let function = try await store.resolve(input.functionName, input.qualifier, in: call)
        let payload = try Self.payload(input)
        switch input.invocationType {
        case "DryRun": return Output(statusCode: 204)
        case "Event":
            try await events.accept(
                payload, for: function, requestID: call.requestID, trace: Self.trace(call), at: call.now)
            return Output(statusCode: 202)
        default: return try await run(function, payload, input, call)
        }
    }

    private func run(
        _ function: ResolvedFunction, _ payload: [UInt8], _ input: Input, _ call: Call
    ) async throws -> Output {
        var request = InvocationRequest(
            requestID: call.requestID, payload: payload, functionARN: function.arn.description)
        request.trace = Self.trace(call)
        request.clientContext = input.clientContext.flatMap { Base64.decode($0.utf8) }
            .map { String(decoding: $0, as: UTF8.self) }
        request.wantsLog = input.logType == "Tail"
        let result = try await fleet.invoke(function, request)
        return Output(
            statusCode: 200, functionError: result.functionError,
            logResult: result.logTail.map { Base64.string($0) }, payload: Blob(result.payload),
            executedVersion: function.version.version)
    }

    private static func payload(_ input: Input) throws -> [UInt8] {
        let payload = input.payload?.bytes ?? []
        let limit = input.invocationType == "Event" ? eventLimit : payloadLimit
        guard payload.count <= limit else { throw ServiceError.requestTooLarge(limit, "InvokeFunction") }
        if payload.isEmpty { return Array("{}".utf8) }
        do {
            _ = try JSONDocument(payload)
            return payload
        } catch {
            throw ServiceError.invalidContent(error.description)
        }
    }

    /// The request's trace in the form of X-Ray's header: `Root=1-…-…`.
    private static func trace(_ call: Call) -> String {
        let hex = call.trace.hex
        return "Root=1-\(hex.prefix(8))-\(hex.dropFirst(8).prefix(24));Sampled=0"
    }
}
