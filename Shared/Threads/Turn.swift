import CSystem

/// What one thread does between two waits. Whatever is dear to open and to close, such as a snapshot of a database,
/// may stay open until the turn ends for all that the thread does in it.
///
/// Belongs to the thread that made it.
public final class Turn {
    /// Something that stays open until the turn ends.
    public protocol Guest: AnyObject {
        func turnEnds()
    }

    private var guests: [(host: ObjectIdentifier, guest: any Guest)] = []

    public init() {}

    /// The turn that the calling thread is in, if it is in one.
    public static var current: Turn? {
        apus_turn_of_thread().map { Unmanaged<Turn>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Runs `body` in this turn; then the turn ends.
    public func run(_ body: () -> Void) {
        apus_set_turn_of_thread(Unmanaged.passUnretained(self).toOpaque())
        body()
        apus_set_turn_of_thread(nil)
        for (_, guest) in guests { guest.turnEnds() }
        guests.removeAll(keepingCapacity: true)
    }

    /// What `host` keeps open in this turn. A host is there for as long as what it keeps open.
    public func guest(of host: AnyObject) -> (any Guest)? {
        guests.first { $0.host == ObjectIdentifier(host) }?.guest
    }

    /// Keeps `guest` until the end; at most one for each host.
    public func keep(_ guest: any Guest, of host: AnyObject) { guests.append((ObjectIdentifier(host), guest)) }
}
