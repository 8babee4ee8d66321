import Bytes
import JSON

/// Checks inputs against a service model: kinds first, then what the model requires, in AWS's words.
public struct ConstraintChecker: Sendable {
    /// The requirement that a missing member breaks.
    static let notNull = "Member must not be null"

    private let model: ServiceModel
    private let expected: (shape: ShapeID, check: QuickCheck)?
    private let wording: JavaWording?

    /// - Parameters:
    ///   - expected: the shape of most inputs, which are checked faster.
    ///   - wording: of values of wrong kinds, where a service has its own.
    public init(_ model: ServiceModel, expecting expected: ShapeID? = nil, wording: JavaWording? = nil) {
        self.model = model
        self.wording = wording
        self.expected = expected.map { ($0, QuickCheck(model, $0)) }
    }

    /// - Parameter members: strings of the input itself, whose constraints are not checked, only their kind.
    /// - Throws: `InputFault.serialization` for the first value of a wrong kind, else `.validation` for all constraints
    ///   that do not hold.
    public func check(
        _ input: JSONValue, against shape: ShapeID, except members: Set<String> = []
    ) throws(InputFault) {
        if let expected, expected.shape == shape, members.isEmpty, expected.check.passes(input) { return }
        var walk = ConstraintWalk(model: model, exempt: members, wording: wording)
        try walk.check(input, shape)
        if let refusal = walk.refusal { throw .refusal(refusal) }
        guard !walk.violations.isEmpty else { return }
        throw .validation(
            wording?.terse?.texts(walk.violations, of: model[shape].name) ?? walk.violations.map(\.text))
    }

    /// The member that is the whole body of the HTTP message, where something in it breaks its constraints.
    public func faultyBody(of input: JSONValue, against shape: ShapeID) -> String? {
        guard let payload = model[shape].payload, let value = input[payload.name], !value.isNull else { return nil }
        do {
            try check(value, against: payload.target)
            return nil
        } catch {
            return payload.name
        }
    }
}

/// Why an operation cannot run with an input.
public enum InputFault: Error, Equatable {
    /// A value of another kind than its shape's, in the words of AWS's deserializer.
    case serialization(String)
    /// Constraints that do not hold, each as `Value '…' at '…' failed to satisfy constraint: …`.
    case validation([String])
    /// A constraint that does not hold and is told in words of its own.
    case refusal(String)

    /// AWS's message: `2 validation errors detected: …; …`.
    public var message: String {
        switch self {
        case .serialization(let text), .refusal(let text): text
        case .validation(let violations):
            "\(violations.count) validation error\(violations.count == 1 ? "" : "s") detected: "
                + violations.joined(separator: "; ")
        }
    }
}

/// One walk of an input beside its shape.
private struct ConstraintWalk {
    private let model: ServiceModel
    private var path: [PathStep] = []
    private(set) var violations: [TerseWording.Violation] = []
    private(set) var refusal: String?
    /// More would only make a long message longer.
    private let violationLimit = 100
    private let exempt: Set<String>
    private let wording: JavaWording?

    init(model: ServiceModel, exempt: Set<String>, wording: JavaWording?) {
        self.model = model
        self.exempt = exempt
        self.wording = wording
    }

    mutating func check(_ value: JSONValue, _ id: ShapeID) throws(InputFault) {
        let shape = model[id]
        if shape.traits.isDocument { return }
        switch shape.kind {
        case .structure: try checkStructure(value, shape)
        case .list: try checkList(value, shape)
        case .map: try checkMap(value, shape)
        default:
            let length = try length(of: value, shape)
            if let length, !shape.constraint.holds(for: value, length: length) { report(value, shape) }
        }
    }

    private mutating func checkStructure(_ value: JSONValue, _ shape: Shape) throws(InputFault) {
        guard value.kind == .object else { throw mismatch(value, shape) }
        var missing = shape.requiredBits
        for entry in value.members {
            guard !entry.value.isNull, let member = entry.withNameBytes({ shape.member(nameBytes: $0) }) else {
                continue
            }
            missing &= ~member.requiredBit
            let target = model[member.target]
            if path.isEmpty, target.kind == .string, exempt.contains(member.name) {
                _ = try length(of: entry.value, target)
                continue
            }
            path.append(.member(member))
            try check(entry.value, member.target)
            path.removeLast()
        }
        if missing != 0 { reportMissing(missing, shape) }
    }

    private mutating func checkList(_ value: JSONValue, _ shape: Shape) throws(InputFault) {
        if try !lengthHolds(value, shape) { report(value, shape) }
    }

    /// Checks the elements of a list, and says whether there are as many as there may be.
    private mutating func lengthHolds(_ value: JSONValue, _ shape: Shape) throws(InputFault) -> Bool {
        guard value.kind == .array else { throw mismatch(value, shape) }
        var count = 0
        var elementsHold = true
        if let element = shape.element {
            let isScalar = model[element.target].isScalar
            for item in value.elements {
                count += 1
                if item.isNull { continue }
                if isScalar {
                    elementsHold = try scalarHolds(item, element.target) && elementsHold
                } else {
                    path.append(.index(count))
                    try check(item, element.target)
                    path.removeLast()
                }
            }
            if !elementsHold {
                report(value, shape, "Member must satisfy constraint: [\(model[element.target].requirements)]")
            }
        }
        return shape.constraint.holds(forNumber: Double(count))
    }

    private mutating func checkMap(_ value: JSONValue, _ shape: Shape) throws(InputFault) {
        guard value.kind == .object else { throw mismatch(value, shape) }
        guard let key = shape.key, let content = shape.value else { return }
        let keyShape = model[key.target]
        let contentShape = model[content.target]
        var count = 0
        var keysHold = true
        var valuesHold = true
        for entry in value.members {
            count += 1
            if !keyShape.constraint.isEmpty { keysHold = keyShape.constraint.holds(forKey: entry) && keysHold }
            if entry.value.isNull { continue }
            if contentShape.isScalar {
                valuesHold = try scalarHolds(entry.value, content.target) && valuesHold
            } else {
                path.append(.key(entry))
                if contentShape.kind == .list {
                    valuesHold = try lengthHolds(entry.value, contentShape) && valuesHold
                } else {
                    try check(entry.value, content.target)
                }
                path.removeLast()
            }
        }
        if !keysHold { report(value, shape, "Map keys must satisfy constraint: [\(keyShape.requirements)]") }
        if !valuesHold { report(value, shape, "Map value must satisfy constraint: [\(contentShape.requirements)]") }
        if !shape.constraint.holds(forNumber: Double(count)) { report(value, shape) }
    }

    private func scalarHolds(_ value: JSONValue, _ id: ShapeID) throws(InputFault) -> Bool {
        let shape = model[id]
        if shape.traits.isDocument { return true }
        guard let length = try length(of: value, shape) else { return true }
        return shape.constraint.holds(for: value, length: length)
    }

    // MARK: Kinds

    /// `ScalarKind.length`, with the service's own words for a value of a wrong kind.
    private func length(of value: JSONValue, _ shape: Shape) throws(InputFault) -> Double? {
        do {
            let length = try ScalarKind.length(of: value, shape)
            if shape.kind == .blob, let wording { try wording.checkBlob(value) }
            return length
        } catch {
            guard let wording, shape.kind != .blob || value.kind != .string else { throw error }
            if wording.admits(value, as: shape) { return nil }
            throw mismatch(value, shape)
        }
    }

    private func mismatch(_ value: JSONValue, _ shape: Shape) -> InputFault {
        guard let wording else { return ScalarKind.mismatch(value, shape) }
        let isMember = if case .member? = path.last { true } else { path.isEmpty }
        return wording.mismatch(value, shape, at: isMember ? .member : .content, in: model)
    }

    // MARK: Reports

    private mutating func reportMissing(_ bits: UInt64, _ shape: Shape) {
        for member in shape.members where member.requiredBit & bits != 0 {
            refusal = refusal ?? wording?.refusal(ofMissing: member, in: shape)
            path.append(.member(member))
            add("Value null", ConstraintChecker.notNull, model[member.target])
            path.removeLast()
        }
    }

    /// Every requirement of the shape that the value breaks, each on its own.
    private mutating func report(_ value: JSONValue, _ shape: Shape) {
        refusal = refusal ?? wording?.refusal(of: value, as: shape)
        let listing = wording?.values(of: shape)
        for requirement in shape.brokenRequirements(by: value, listing: listing) { report(value, shape, requirement) }
    }

    private mutating func report(_ value: JSONValue, _ shape: Shape, _ requirement: String) {
        add(path.isSensitive(in: model) ? "Value" : "Value '\(ValueText.of(value))'", requirement, shape)
    }

    private mutating func add(_ value: String, _ requirement: String, _ shape: Shape) {
        guard violations.count < violationLimit else { return }
        violations.append(
            TerseWording.Violation(
                member: path.memberName, shape: shape.name, requirement: requirement, place: path.spelled,
                text: "\(value) at '\(path.rendered)' failed to satisfy constraint: \(requirement)"))
    }
}
