/// A parameter as the template declares it.
public struct TemplateParameter: Sendable {
    public let name: String
    /// `String`, `Number`, `List<Number>`, `CommaDelimitedList`, `AWS::EC2::VPC::Id`, …
    public let type: String
    public let defaultValue: String?
    public let description: String?
    public let isHidden: Bool  // NoEcho
    public let allowedValues: [String]
    public let allowedPattern: String?
    public let constraintDescription: String?
    public let minLength, maxLength: Int?
    public let minValue, maxValue: Double?

    /// Whether `Ref` gives a list.
    public var isList: Bool { valueType == "CommaDelimitedList" || valueType.hasPrefix("List<") }
    /// Whether its value is the name of an SSM parameter, whose value `Ref` gives.
    public var isStoredElsewhere: Bool { type.hasPrefix(Self.stored) }
    /// The type of that value; of any other parameter its own.
    var valueType: String { isStoredElsewhere ? String(type.dropFirst(Self.stored.count).dropLast()) : type }
    private static let stored = "AWS::SSM::Parameter::Value<"
    var isNumber: Bool { type == "Number" || type == "List<Number>" }
}
