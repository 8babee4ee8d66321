import Time

/// The way to one replica. For the client's thread.
protocol ReplicaLink: AnyObject {
    var presence: Presence { get set }
    /// Messages, or events, may be there: a descriptor said so, or was silenced by a look for another reason.
    var mayHaveMessages: Bool { get set }
    var mayHaveEvents: Bool { get set }
    /// Readable when messages, or events, may be there.
    var messageDescriptor: Int32? { get }
    var eventDescriptor: Int32? { get }

    /// Whether files can be handed over on it.
    var carriesFiles: Bool { get }
    /// `false` if there is no connection to take the frame.
    func send(_ frame: Frame) -> Bool
    /// Sends what was kept back to leave together.
    func flush()
    /// Whether some of that waits until `messageDescriptor` is writable.
    var isBlocked: Bool { get }
    /// A message is valid until the next look.
    func receive() -> Arrival
    func nextEvent() -> ConnectionEvent?
    /// Gives the last message's memory back.
    func clear()

    /// Takes note that an answer is waited for from now on.
    func expectAnswer()
    /// Looks whether a peer that owes answers still lives. Called once per heartbeat; `true` if an event came of it.
    func probe() -> Bool
    /// Whether a lost connection comes back without `reconnect`.
    var reconnectsItself: Bool { get }
    /// Tries to connect. `true` if an event came of it.
    func reconnect(at now: Timestamp) -> Bool
    /// Closes a lost connection, whose descriptor nobody waits for any more.
    func disconnect()
}
