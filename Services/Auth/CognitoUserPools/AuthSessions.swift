import ServiceKit

/// What the service must remember between two steps of a sign-in: carried by the client, sealed, for a few minutes.
struct AuthSessions: Sendable {
    let masterKey: MasterKey

    static let validity = Duration.seconds(180)

    struct State: InputShape, OutputShape {
        let challenge: String
        let poolID: String
        let clientID: String
        let username: String
        let expires: Timestamp
        /// The server's secret and both public numbers of an SRP exchange, hexadecimal.
        var serverSecret: String?
        var serverNumber: String?
        var clientNumber: String?

        init(_ challenge: String, poolID: String, clientID: String, username: String, expires: Timestamp) {
            self.challenge = challenge
            self.poolID = poolID
            self.clientID = clientID
            self.username = username
            self.expires = expires
        }

        init(_ member: Members) throws {
            challenge = try member("challenge")
            poolID = try member("pool")
            clientID = try member("client")
            username = try member("username")
            expires = try member("expires")
            serverSecret = try member("b")
            serverNumber = try member("B")
            clientNumber = try member("A")
        }

        func write(to json: inout JSONWriter) {
            json.member("challenge", challenge)
            json.member("pool", poolID)
            json.member("client", clientID)
            json.member("username", username)
            json.member("expires", expires)
            json.member("b", serverSecret)
            json.member("B", serverNumber)
            json.member("A", clientNumber)
        }
    }

    func seal(_ state: State) throws -> String {
        var json = JSONWriter()
        json.value(state)
        return Base64.string(try masterKey.seal(json.bytes, for: "auth session"))
    }

    /// - Throws: `NotAuthorizedException` for anything but a fresh session of this client and challenge.
    func open(_ text: String?, challenge: String, client: UserPoolClient, at now: Timestamp) throws -> State {
        guard let text, let sealed = Base64.decode(Array(text.utf8)),
            let bytes = try? masterKey.open(sealed, for: "auth session"),
            let state = try? State(json: JSONDocument(bytes).root), state.challenge == challenge,
            state.clientID == client.id, now < state.expires
        else { throw ServiceError.invalidSession }
        return state
    }
}
