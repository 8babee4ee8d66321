import Bus

/// Learns of every call of a service once it is answered: S3's access logs are written by one.
public protocol CallObserver: Sendable {
    /// Whether any call is of interest. Asked first, so that where none is nothing is spent.
    var isWatching: Bool { get }

    /// - Parameters:
    ///   - input: JSON as it came; it may be no valid input.
    ///   - duration: from the request's arrival here to its answer; a stream flows after that.
    func answered(_ call: Call, input: [UInt8], with reply: BusReply, after duration: Duration)
}
