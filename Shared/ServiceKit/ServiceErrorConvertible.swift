/// An error that says more than what a client is told of it.
public protocol ServiceErrorConvertible: Error {
    var serviceError: ServiceError { get }
}

extension ServiceError: ServiceErrorConvertible {
    public var serviceError: ServiceError { self }
}
