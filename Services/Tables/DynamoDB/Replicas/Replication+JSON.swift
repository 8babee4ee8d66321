import ServiceKit

/// The form a replica has in the catalogue.
extension Replication: InputShape, OutputShape {
    init(_ member: Members) throws {
        version = try Version(rawValue: member("version")) ?? .current
        createdAt = try member("createdAt")
        id = try member("id")
        replicas = try member("replicas")
        backfill = try member("backfill")
    }

    func write(to json: inout JSONWriter) {
        json.member("version", version.rawValue)
        json.member("createdAt", createdAt)
        json.member("id", id)
        json.member("replicas", replicas)
        json.member("backfill", backfill)
    }
}

extension Replica: InputShape, OutputShape {
    init(_ member: Members) throws {
        region = try member("region")
        status = try Status(rawValue: member("status")) ?? .active
        source = try member("source")
        createdAt = try member("createdAt")
        overrides = try member("overrides")
    }

    func write(to json: inout JSONWriter) {
        json.member("region", region)
        json.member("status", status.rawValue)
        json.member("source", source)
        json.member("createdAt", createdAt)
        json.member("overrides", overrides)
    }
}

extension Replica.Overrides: InputShape, OutputShape {
    init(_ member: Members) throws {
        readCapacity = try member("readCapacity")
        indexReadCapacity = try member("indexReadCapacity")
        tableClass = try member("tableClass")
    }

    func write(to json: inout JSONWriter) {
        json.member("readCapacity", readCapacity)
        json.member("indexReadCapacity", indexReadCapacity)
        json.member("tableClass", tableClass)
    }
}

extension ReplicaBackfill: InputShape, OutputShape {
    init(_ member: Members) throws {
        source = try member("source")
        phase = try Phase(rawValue: member("phase")) ?? .items
        let position: Blob = try member("position")
        self.position = position.bytes
        let view: String? = try member("stream")
        stream = view.flatMap(StreamView.init(rawValue:))
    }

    func write(to json: inout JSONWriter) {
        json.member("source", source)
        json.member("phase", phase.rawValue)
        json.member("position", Blob(position))
        json.member("stream", stream?.rawValue)
    }
}
