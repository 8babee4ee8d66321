import ServiceKit

/// The structures requests describe tables with.

struct AttributeDefinitionInput: InputShape {
    let name: String
    let type: String

    init(_ member: Members) throws {
        name = try member("AttributeName")
        type = try member("AttributeType")
    }
}

struct KeySchemaElementInput: InputShape {
    let name: String
    let type: String

    init(_ member: Members) throws {
        name = try member("AttributeName")
        type = try member("KeyType")
    }
}

struct ProjectionInput: InputShape {
    let type: String?
    let nonKeyAttributes: [String]?

    init(_ member: Members) throws {
        type = try member("ProjectionType")
        nonKeyAttributes = try member("NonKeyAttributes")
    }
}

struct ThroughputInput: InputShape {
    let read: Int64
    let write: Int64

    init(_ member: Members) throws {
        read = try member("ReadCapacityUnits")
        write = try member("WriteCapacityUnits")
    }

    init(_ throughput: Throughput) {
        read = throughput.read
        write = throughput.write
    }

    var throughput: Throughput { Throughput(read: read, write: write) }
}

struct IndexInput: InputShape {
    let name: String
    let keySchema: [KeySchemaElementInput]
    let projection: ProjectionInput
    let throughput: ThroughputInput?

    init(_ member: Members) throws {
        name = try member("IndexName")
        keySchema = try member("KeySchema")
        projection = try member("Projection")
        throughput = try member("ProvisionedThroughput")
    }
}

struct StreamSpecification: InputShape, OutputShape {
    let isEnabled: Bool
    let view: String?

    init(isEnabled: Bool, view: String?) {
        self.isEnabled = isEnabled
        self.view = view
    }

    init(_ member: Members) throws {
        isEnabled = try member("StreamEnabled")
        view = try member("StreamViewType")
    }

    func write(to json: inout JSONWriter) {
        json.member("StreamEnabled", isEnabled)
        json.member("StreamViewType", view)
    }

    /// The view to open a stream with; `nil` for a specification that ends one.
    func wantedView() throws(ServiceError) -> StreamView? {
        guard isEnabled else {
            guard view == nil else {
                throw .invalidParameter("StreamViewType can not be specified when StreamEnabled is false")
            }
            return nil
        }
        guard let view = view.flatMap(StreamView.init(rawValue:)) else {
            throw .invalidParameter("StreamViewType is required when StreamEnabled is true")
        }
        return view
    }
}
