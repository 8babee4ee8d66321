import ServiceKit

/// A log group's tags.
struct TagsOutput: OutputShape {
    let tags: [String: String]
    func write(to json: inout JSONWriter) { json.member("tags", tags) }
}
