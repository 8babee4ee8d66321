import AWSSignature
import HTTP
import HTTPTypes
import Time

/// One large body, streamed; 1 GiB unless `bytes` says otherwise.
struct Transfer {
    let client: HTTPClient
    let origin: Origin
    let target: String
    let authority: String
    let length: Int
    /// `nil` towards servers without signatures.
    let signer: Signer?

    init(_ options: Options) throws {
        client = HTTPClient(configuration: HTTPClient.Configuration())
        origin = try options.origin()
        target = try options.text("target")
        authority = try options.authority()
        length = try options.number("bytes", default: 1 << 30)
        signer = try options.text("key", default: "").isEmpty ? nil : options.signer("s3")
    }

    func upload() async throws -> Measurement {
        let body = VariedBytes.stream(length: length, seed: UInt64(Timestamp.now().milliseconds))
        return try await timed {
            let (head, answer) = try await client.send(
                signed("PUT"), to: origin, body: body, timeout: .seconds(280))
            let text = try await answer.collect(upTo: 1 << 20)
            return (200..<300).contains(head.status) ? .succeeded : .failed(String(decoding: text, as: UTF8.self))
        }
    }

    func download() async throws -> Measurement {
        try await timed {
            let (head, answer) = try await client.send(signed("GET"), to: origin, timeout: .seconds(280))
            var received = 0
            while let chunk = try await answer.next() { received += chunk.count }
            return head.status == 200 && received == length
                ? .succeeded : .failed("\(head.status) with \(received) bytes")
        }
    }

    private func signed(_ method: String) -> RequestHead {
        var head = RequestHead(method: method, target: target, fields: ["Host": authority])
        if let signer { head = signer.sign(head, payload: .unsigned, at: .now()) }
        return head
    }

    private func timed(_ transfer: () async throws -> LoadOutcome) async throws -> Measurement {
        var measurement = Measurement()
        let start = ContinuousClock.now
        let outcome = try await transfer()
        let elapsed = ContinuousClock.now - start
        measurement.add(elapsed, outcome)
        return Measurement(merging: [measurement], elapsed: elapsed)
    }
}
