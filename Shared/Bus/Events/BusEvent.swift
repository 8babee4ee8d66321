/// A ring of the doorbell. It may be lost: nothing may depend on it alone.
public struct BusEvent: Sendable {
    public let topic: String
    public let payload: [UInt8]

    public init(topic: String, payload: [UInt8] = []) {
        self.topic = topic
        self.payload = payload
    }
}
