/// One subscriber's view of another owner's events, whatever carries it.
public protocol EventSource: Sendable {
    /// Events after `cursor`, oldest first; from the start for `nil` and for another log's cursor.
    func read(after cursor: EventCursor?, limit: Int) async throws -> EventPage
    /// Tells the owner what may be forgotten. May be repeated; an earlier cursor changes nothing.
    func acknowledge(_ cursor: EventCursor) async throws
}
