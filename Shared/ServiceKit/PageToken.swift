/// An opaque token for the next page: where the last one ended, sealed against tampering.
///
/// The seal binds a token to its owner's key and to the operation it came from.
public struct PageToken: Sendable {
    private let key: [UInt8]
    private let refusal: ServiceError

    /// - Parameter refusal: what the service says of a token that is none of its own.
    public init(
        key: [UInt8], refusal: ServiceError = ServiceError("InvalidNextTokenException", "The token is not valid.")
    ) {
        self.key = key
        self.refusal = refusal
    }

    /// - Parameter scope: the operation and whatever else must be the same on the next page.
    public func seal(_ position: String, scope: String) -> String {
        let payload = Array(position.utf8)
        return Base64.string(tag(payload, scope) + payload, .url)
    }

    /// `nil` for a token that was not sealed here for this scope.
    public func open(_ token: String, scope: String) -> String? {
        guard let bytes = Base64.decode(Array(token.utf8), .url), bytes.count >= 16 else { return nil }
        let payload = Array(bytes.dropFirst(16))
        guard ConstantTime.equal(Array(bytes.prefix(16)), tag(payload, scope)) else { return nil }
        return String(validating: payload, as: UTF8.self)
    }

    private func tag(_ payload: [UInt8], _ scope: String) -> [UInt8] {
        Array(HMAC.sha256(key: key, Array(scope.utf8) + [0] + payload).prefix(16))
    }
}

/// A part of a list, and the token for the part that follows; `nil` behind the last.
public struct Page<Element: Sendable>: Sendable {
    public let elements: [Element]
    public let next: String?

    public init(elements: [Element], next: String?) {
        self.elements = elements
        self.next = next
    }

    public func map<Other>(_ transform: (Element) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(elements: try elements.map(transform), next: next)
    }
}

extension PageToken {
    /// The position behind which the page that a token asks for begins; empty for the first page.
    ///
    /// - Throws: the service's refusal of a token that was not sealed here for this scope.
    public func start(_ token: String?, scope: String) throws -> String {
        guard let token, !token.isEmpty else { return "" }
        guard let position = open(token, scope: scope) else { throw refusal }
        return position
    }

    /// The page that a window begins with; a window longer than the page tells that another follows.
    public func page<Element>(
        of window: [Element], limit: Int, scope: String, position: (Element) -> String
    ) -> Page<Element> {
        guard window.count > limit else { return Page(elements: window, next: nil) }
        let elements = Array(window.prefix(limit))
        return Page(elements: elements, next: elements.last.map { seal(position($0), scope: scope) })
    }

    /// One page of what `load` answers behind a position.
    ///
    /// - Parameters:
    ///   - position: an element's place in the order of the list.
    ///   - load: elements behind `after`, at most `limit` of them: one more than the page has.
    public func page<Element>(
        _ token: String?, limit: Int, scope: String, position: (Element) -> String,
        load: (_ after: String, _ limit: Int) async throws -> [Element]
    ) async throws -> Page<Element> {
        let window = try await load(try start(token, scope: scope), limit + 1)
        return page(of: window, limit: limit, scope: scope, position: position)
    }
}
