import JSON

/// A to-do item as an application keeps it in DynamoDB, read and written by either side.
struct Item: Codable, Equatable {
    /// `{"S": "text"}`
    struct Text: Codable, Equatable { let S: String }
    /// `{"N": "1.5"}`
    struct Number: Codable, Equatable { let N: String }
    /// `{"BOOL": true}`
    struct Flag: Codable, Equatable { let BOOL: Bool }
    /// `{"SS": ["a", "b"]}`
    struct Texts: Codable, Equatable { let SS: [String] }
    /// `{"M": {…}}`
    struct Place: Codable, Equatable {
        struct Coordinates: Codable, Equatable {
            let latitude: Number
            let longitude: Number
        }
        let M: Coordinates
    }

    let userId: Text
    let itemId: Text
    let title: String
    let note: Text
    let done: Flag
    let priority: Number
    let createdAt: Number
    let tags: Texts
    let place: Place

    static let sample = Item(
        userId: Text(S: "us-east-1:6c1f2f5e-0d0f-4c4e-9a55-0b9e1c7a2d11"),
        itemId: Text(S: "01JD7Q9W3V6Z8Y4K2M5N7P9R1T"),
        title: "Buy “good” bread, and \"the\" butter",
        note: Text(S: String(repeating: "One loaf of rye, two of wheat; the shop closes at six. ", count: 9)),
        done: Flag(BOOL: false), priority: Number(N: "3"), createdAt: Number(N: "1763723412.118"),
        tags: Texts(SS: ["errand", "food", "today"]),
        place: Place(M: Place.Coordinates(latitude: Number(N: "52.520008"), longitude: Number(N: "13.404954"))))
}

extension Item: InputShape {
    init(_ member: Members) throws {
        userId = try member("userId")
        itemId = try member("itemId")
        title = try member("title")
        note = try member("note")
        done = try member("done")
        priority = try member("priority")
        createdAt = try member("createdAt")
        tags = try member("tags")
        place = try member("place")
    }
}

extension Item.Text: InputShape {
    init(_ member: Members) throws { S = try member("S") }
}
extension Item.Number: InputShape {
    init(_ member: Members) throws { N = try member("N") }
}
extension Item.Flag: InputShape {
    init(_ member: Members) throws { BOOL = try member("BOOL") }
}
extension Item.Texts: InputShape {
    init(_ member: Members) throws { SS = try member("SS") }
}
extension Item.Place: InputShape {
    init(_ member: Members) throws { M = try member("M") }
}
extension Item.Place.Coordinates: InputShape {
    init(_ member: Members) throws {
        latitude = try member("latitude")
        longitude = try member("longitude")
    }
}

extension Item: OutputShape {
    var written: [UInt8] {
        var json = JSONWriter(capacity: 1024)
        json.value(self)
        return json.bytes
    }

    func write(to json: inout JSONWriter) {
        json.member("userId", userId)
        json.member("itemId", itemId)
        json.member("title", title)
        json.member("note", note)
        json.member("done", done)
        json.member("priority", priority)
        json.member("createdAt", createdAt)
        json.member("tags", tags)
        json.member("place", place)
    }
}

extension Item.Text: OutputShape {
    func write(to json: inout JSONWriter) { json.member("S", S) }
}
extension Item.Number: OutputShape {
    func write(to json: inout JSONWriter) { json.member("N", N) }
}
extension Item.Flag: OutputShape {
    func write(to json: inout JSONWriter) { json.member("BOOL", BOOL) }
}
extension Item.Texts: OutputShape {
    func write(to json: inout JSONWriter) { json.member("SS", SS) }
}
extension Item.Place: OutputShape {
    func write(to json: inout JSONWriter) { json.member("M", M) }
}
extension Item.Place.Coordinates: OutputShape {
    func write(to json: inout JSONWriter) {
        json.member("latitude", latitude)
        json.member("longitude", longitude)
    }
}
