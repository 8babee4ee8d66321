/// Why a connection could not be used any further.
public enum ConnectionError: Error, Equatable {
    /// One of the two sides closed it, or it was shut down.
    case closed
    /// A time-out passed; the word says which.
    case timedOut(String)
    /// The task that waited was cancelled.
    case cancelled
    case socket(SocketError)
    /// What OpenSSL said.
    case tls(String)
    /// Two tasks read one stream at the same time.
    case concurrentReaders
    /// The stream was read after its request was answered, or its response given up.
    case over
}
