/// A descriptor that tells of a link's messages or events.
struct WatchedDescriptor: Equatable {
    let descriptor: Int32
    let link: any ReplicaLink
    private let isForEvents: Bool

    static func all(of link: any ReplicaLink) -> [WatchedDescriptor] {
        [
            link.messageDescriptor.map { WatchedDescriptor(descriptor: $0, link: link, isForEvents: false) },
            link.eventDescriptor.map { WatchedDescriptor(descriptor: $0, link: link, isForEvents: true) },
        ].compactMap(\.self)
    }

    static func == (one: WatchedDescriptor, other: WatchedDescriptor) -> Bool {
        one.descriptor == other.descriptor && one.link === other.link && one.isForEvents == other.isForEvents
    }

    /// It is readable, or writable again.
    func announce() {
        if isForEvents { link.mayHaveEvents = true } else { link.mayHaveMessages = true }
    }
}
