import HTTP
import HTTPTypes
import ServiceKit

/// Posts with the stack's HTTP client.
struct HTTPEndpoints: HTTPPoster {
    private let client: HTTPClient

    /// - Parameter addresses: where requests may go.
    init(_ addresses: OutboundAddresses) {
        var configuration = HTTPClient.Configuration()
        configuration.admits = { addresses.admits($0) }
        client = HTTPClient(configuration: configuration)
    }

    func post(_ body: [UInt8], to url: String, fields: [(name: String, value: String)]) async throws -> Int {
        guard let (origin, target) = Origin.parse(url: url) else { throw DeliveryFailure.permanent("no URL") }
        var head = RequestHead(method: "POST", target: target)
        for field in fields { head.fields.append(field.name, field.value) }
        let (response, rest): (ResponseHead, ByteStream)
        do {
            (response, rest) = try await client.send(head, to: origin, bytes: body, timeout: .seconds(15))
        } catch let refusal as RefusedAddress {
            throw DeliveryFailure.permanent("\(refusal)")
        }
        // An answer read to its end leaves the connection for the next notification.
        _ = try? await rest.collect(upTo: 65_536)
        return Int(response.status)
    }
}
