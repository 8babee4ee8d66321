import Bus
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import SNS

/// Calls that arrived at the bus address of another executable.
final class CallRecorder: Sendable {
    struct Call: Sendable {
        let operation: String
        let principal: String
        let sourceARN: String?
        let body: [UInt8]
    }
    private let state: Mutex<(calls: [Call], refusals: [ServiceError])>

    /// - Parameter refusals: what the first calls are answered with; the others succeed.
    init(refusals: [ServiceError] = []) { state = Mutex(([], refusals)) }

    var calls: [Call] { state.withLock { $0.calls } }

    func serve(as owner: String, beside host: TestHost) throws {
        let address = LocalRoutes.callAddress(of: owner, in: host.host.configuration.runDirectory)
        let server = BusServer(bind: [address], handler: { self.answer($0) })
        try server.start()
        host.host.atClose { await server.drain(within: .seconds(1)) }
    }

    private func answer(_ request: BusRequest) -> BusReply {
        let caller = (try? JSONDocument(request.caller).root).flatMap { try? Caller(json: $0) }
        let refusal = state.withLock { state -> ServiceError? in
            state.calls.append(
                Call(
                    operation: "\(request.service):\(request.operation)", principal: caller?.arn ?? "",
                    sourceARN: caller?.context["aws:SourceArn"]?.first, body: request.body))
            return state.refusals.isEmpty ? nil : state.refusals.removeFirst()
        }
        guard let refusal else { return BusReply(body: Array("{}".utf8)) }
        return BusReply(status: UInt32(refusal.status), isError: true, body: refusal.encoded)
    }
}

@Suite("Functions and mail")
struct NeighbourTests {
    @Test("A function is invoked with an event of one record, and again when Lambda was away")
    func functions() async throws {
        try await Topics.with { host in
            let recorder = CallRecorder(refusals: [.unavailable])
            try recorder.serve(as: "functions", beside: host)
            let topic = try await host.createTopic("news")
            let function = "arn:aws:lambda:us-east-1:000000000000:function:greet"
            let subscription = try await host.subscribe(function, "lambda", to: topic)
            try await host.publish("hello", to: topic)
            try await host.until { recorder.calls.count == 2 }
            let call = recorder.calls[1]
            #expect(call.operation == "lambda:Invoke")
            #expect(call.principal == "sns.amazonaws.com")
            #expect(call.sourceARN == topic)
            let input = try JSONDocument(call.body).root
            #expect(input["FunctionName"]?.string == function)
            #expect(input["InvocationType"]?.string == "Event")
            let payload = try #require(Base64.decode(Array((input["Payload"]?.string ?? "").utf8)))
            let record = try #require(JSONDocument(payload).root["Records"]?.elements.first { _ in true })
            #expect(record["EventSource"]?.string == "aws:sns")
            #expect(record["EventSubscriptionArn"]?.string == subscription)
            #expect(record["Sns"]?["Message"]?.string == "hello")
            #expect(record["Sns"]?["Subject"]?.isNull == true)
            #expect(record["Sns"]?["SigningCertUrl"]?.string?.hasSuffix(".pem") == true)
        }
    }

    @Test("A subscriber by mail is asked by mail, and one notification is one mail however often it is tried")
    func mail() async throws {
        try await Topics.with { host in
            let recorder = CallRecorder(refusals: [.unavailable])
            try recorder.serve(as: "email", beside: host)
            let topic = try await host.createTopic("news")
            try await host.subscribe("ann@example.com", "email", to: topic)
            try await host.until { recorder.calls.count == 1 }
            try await host.advance(until: { recorder.calls.count == 2 })
            let mails = try recorder.calls.map { try JSONDocument($0.body).root }
            #expect(recorder.calls[0].operation == "apus.email:QueueSystemEmail")
            #expect(mails[1]["To"]?.string == "ann@example.com")
            #expect(mails[0]["Token"]?.string == mails[1]["Token"]?.string)
            let text = try #require(mails[1]["Text"]?.string)
            let token = try #require(text.split(separator: "&Token=").last.map(String.init))
            try await host.call(
                "sns", "ConfirmSubscription", #"{"TopicArn":"\#(topic)","Token":"\#(token)"}"#, as: .anonymous)
            try await host.publish("hello", to: topic, subject: "Greeting")
            try await host.until { recorder.calls.count == 3 }
            let notification = try JSONDocument(recorder.calls[2].body).root
            #expect(notification["Subject"]?.string == "Greeting")
            #expect(notification["Text"]?.string?.hasPrefix("hello\n") == true)
        }
    }
}
