import ServiceKit

/// The tables of `thumbnails.sqlite`.
enum Schema {
    static var all: [Migration] { [waitingImages, regenerations] + EventLog.migrations }
}
