#if canImport(Glibc)
    import Glibc
#endif

/// Unix sockets where callers of this machine connect, and their connections. For one thread.
final class LocalListener {
    private struct Door {
        let path: String
        let descriptor: Int32
        /// Names the file: another process may have put its own at the path meanwhile.
        let inode: ino_t
    }

    private let limits: BusLimits
    private var doors: [Door] = []
    private(set) var callers: [PeerID: LocalLink] = [:]
    /// What to wait for, in the order of the poll's items.
    private var links: [(peer: PeerID, link: LocalLink)] = []
    private var serial: UInt32 = 0
    private var firstItem = 0
    /// No descriptors are left for more callers.
    private var isFull = false

    /// - Throws: `BusSetupError`
    init(at paths: [String], limits: BusLimits) throws {
        self.limits = limits
        for path in paths {
            try prepareDirectory(of: path)
            let descriptor = try LocalSocket.listen(at: path)
            doors.append(Door(path: path, descriptor: descriptor, inode: Self.inode(of: path)))
        }
    }

    deinit { closeDoors() }

    // MARK: Waiting

    /// Lists what is to be waited for behind the items that are there.
    func list(in poll: inout PollSet) {
        firstItem = poll.count
        for door in doors { poll.add(isFull ? -1 : door.descriptor) }
        for (_, link) in links { poll.awaitRoom(poll.add(link.descriptor), link.isBlocked) }
    }

    /// Lets the new callers in that the poll tells of. After `receive`.
    func acceptCallers(_ poll: PollSet) {
        for (index, door) in doors.enumerated() where poll.isReady(firstItem + index) { accept(from: door) }
    }

    private func accept(from door: Door) {
        while let descriptor = LocalSocket.accept(from: door.descriptor) {
            serial &+= 1
            let peer = PeerID(local: serial)
            let link = LocalLink(descriptor, as: .owner, limits: limits)
            callers[peer] = link
            links.append((peer, link))
        }
        isFull = errno == EMFILE || errno == ENFILE
    }

    /// Calls `body` with the messages of those the poll tells of, of each at most `limit`. Returns the callers that went
    /// away.
    func receive(_ poll: PollSet, limit: Int, _ body: (Message, PeerID) -> Void) -> [PeerID] {
        var lost: [PeerID] = []
        let first = firstItem + doors.count
        for (index, (peer, link)) in links.enumerated() where link.mayHaveMessages || poll.isReady(first + index) {
            link.receive(limit: limit) { body($0, peer) }
            if link.hasEnded { lost.append(peer) }
        }
        for peer in lost { forget(peer) }
        return lost
    }

    /// Whether messages are there that no descriptor speaks of.
    var mayHaveMessages: Bool { links.contains(where: \.link.mayHaveMessages) }

    // MARK: Callers

    private func forget(_ peer: PeerID) {
        callers[peer] = nil
        links.removeAll { $0.peer == peer }
        isFull = false
    }

    func flush() {
        for (_, link) in links where link.hasOutput { link.flush() }
    }

    /// Closes; waits for unsent replies at most `lingerMilliseconds`.
    func close(lingerMilliseconds: Int) {
        closeDoors()
        let end = ContinuousClock.now + .milliseconds(lingerMilliseconds)
        flush()
        while links.contains(where: \.link.isBlocked), ContinuousClock.now < end {
            var items = links.filter(\.link.isBlocked).map {
                pollfd(fd: $0.link.descriptor, events: Int16(POLLOUT), revents: 0)
            }
            poll(&items, nfds_t(items.count), 10)
            flush()
        }
        links = []
        callers = [:]
    }

    private func closeDoors() {
        for door in doors {
            if Self.inode(of: door.path) == door.inode { unlink(door.path) }
            Glibc.close(door.descriptor)
        }
        doors = []
    }

    private static func inode(of path: String) -> ino_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_ino : 0
    }
}

/// Creates the folder of a socket, or makes sure that nobody else can enter it.
func prepareDirectory(of path: String) throws {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    if mkdir(directory, 0o700) != 0, errno != EEXIST {
        throw BusSetupError.unsafeDirectory(directory, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard lstat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw BusSetupError.unsafeDirectory(directory, reason: "not a folder")
    }
    guard status.st_uid == geteuid() else {
        throw BusSetupError.unsafeDirectory(directory, reason: "belongs to another user")
    }
    guard status.st_mode & 0o077 == 0 else {
        throw BusSetupError.unsafeDirectory(directory, reason: "open to other users; its mode must be 0700")
    }
}
