import Bus

extension ServiceHost {
    /// Listens to other executables' doorbells until the host stops.
    ///
    /// - Parameters:
    ///   - owners: whose rings.
    ///   - topics: prefixes.
    ///   - missed: called when rings may have been lost: at the first connection and at every later one.
    public func listen(
        to owners: [String], topics: [String], missed: @escaping @Sendable () -> Void,
        ring: @escaping @Sendable (BusEvent) -> Void
    ) {
        work("doorbells \(topics.joined(separator: " "))") { [self] in
            let subscriber = BusSubscriber(
                owners: owners, topics: topics, routes: routes, security: security, onConnect: { _ in missed() })
            defer { subscriber.close() }
            for await event in subscriber.events { ring(event) }
        }
    }
}
