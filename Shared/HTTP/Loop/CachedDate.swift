import Time

/// The `Date` field's text, made anew once a second.
final class CachedDate {
    private var second: Int64 = -1
    private var text: [UInt8] = []

    func bytes() -> [UInt8] {
        let now = Timestamp.now()
        if now.seconds != second {
            second = now.seconds
            text = Array(now.httpDate.utf8)
        }
        return text
    }
}
