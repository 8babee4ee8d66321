import Bytes
import Time

/// The members of an input structure, read by name: `queueUrl = try member("QueueUrl")`.
public struct Members: Sendable {
    public let object: JSONValue
    /// Where `ModelTests` watch which members a shape reads.
    let recorder: MemberRecorder?

    /// - Throws: `MemberError` where the value is no object.
    public init(_ value: JSONValue, recorder: MemberRecorder? = nil) throws {
        guard value.kind == .object else { throw MemberError.wrongType(value.kind, expected: .object) }
        object = value
        self.recorder = recorder
    }

    // Inlined where they are called, so that they are compiled for the type that is read.

    /// A member that must be there.
    ///
    /// - Throws: `MemberError`: `missing`, or `wrongType` of the value or of something inside.
    @inlinable
    public func callAsFunction<Value: MemberValue>(_ name: String) throws -> Value {
        guard let value = present(name) else { throw MemberError.missing(name) }
        do { return try Value(json: value) } catch { throw MemberError.locate(error, in: name) }
    }

    /// A member that may be absent or `null`.
    @inlinable
    public func callAsFunction<Value: MemberValue>(_ name: String) throws -> Value? {
        guard let value = present(name) else { return nil }
        do { return try Value(json: value) } catch { throw MemberError.locate(error, in: name) }
    }

    @usableFromInline func present(_ name: String) -> JSONValue? {
        recorder?.record(name)
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    public func contains(_ name: String) -> Bool {
        present(name) != nil
    }
}

/// A type that can be read from one JSON value.
public protocol MemberValue {
    init(json value: JSONValue) throws
}

/// A structure of an operation's input.
public protocol InputShape: MemberValue, Sendable {
    init(_ member: Members) throws
}

extension InputShape {
    public init(json value: JSONValue) throws { try self.init(Members(value)) }
}

/// The input of an operation that reads nothing.
public struct NoInput: InputShape {
    public init() {}
    public init(_ member: Members) throws {}
}

/// What is wrong with an input, with the path of member names to it.
public struct MemberError: Error, Equatable {
    public enum Problem: Equatable, Sendable {
        case missing
        case wrongType(found: JSONValue.Kind, expected: JSONValue.Kind)
        /// Right kind, but no value of the type: a fraction for an integer, text that is no base64.
        case invalid(String)
    }

    /// `["Messages", "Body"]`
    public var path: [String]
    public let problem: Problem

    public static func missing(_ name: String) -> MemberError { MemberError(path: [name], problem: .missing) }
    public static func wrongType(_ found: JSONValue.Kind, expected: JSONValue.Kind) -> MemberError {
        MemberError(path: [], problem: .wrongType(found: found, expected: expected))
    }
    public static func invalid(_ reason: String) -> MemberError { MemberError(path: [], problem: .invalid(reason)) }

    /// What to throw for an error of the member `name`.
    @usableFromInline static func locate(_ error: any Error, in name: String) -> any Error {
        (error as? MemberError)?.inside(name) ?? error
    }

    func inside(_ name: String) -> MemberError { MemberError(path: [name] + path, problem: problem) }
}

extension JSONValue: MemberValue {
    public init(json value: JSONValue) { self = value }
}

extension String: MemberValue {
    public init(json value: JSONValue) throws {
        guard let string = value.string else { throw MemberError.wrongType(value.kind, expected: .string) }
        self = string
    }
}

extension Bool: MemberValue {
    public init(json value: JSONValue) throws {
        guard let bool = value.bool else { throw MemberError.wrongType(value.kind, expected: .bool) }
        self = bool
    }
}

extension Int64: MemberValue {
    public init(json value: JSONValue) throws {
        guard value.kind == .number else { throw MemberError.wrongType(value.kind, expected: .number) }
        guard let number = value.int64 else { throw MemberError.invalid("not a 64-bit integer") }
        self = number
    }
}

extension Int: MemberValue {
    public init(json value: JSONValue) throws { self = Int(try Int64(json: value)) }
}

extension Double: MemberValue {
    /// The strings `NaN`, `Infinity` and `-Infinity` stand for what JSON's numbers cannot say.
    public init(json value: JSONValue) throws {
        if let number = value.double {
            self = number
            return
        }
        switch value.string {
        case "NaN": self = .nan
        case "Infinity": self = .infinity
        case "-Infinity": self = -.infinity
        default: throw MemberError.wrongType(value.kind, expected: .number)
        }
    }
}

/// Binary data: base64 text on the bus.
public struct Blob: MemberValue, Sendable, Hashable {
    public var bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public init(json value: JSONValue) throws {
        guard value.kind == .string else { throw MemberError.wrongType(value.kind, expected: .string) }
        guard let bytes = value.withStringBytes({ Base64.decode($0) }) ?? nil else {
            throw MemberError.invalid("not base64")
        }
        self.bytes = bytes
    }
}

extension Timestamp: MemberValue {
    /// Seconds since 1970 as a number, with a fraction for milliseconds.
    public init(json value: JSONValue) throws {
        if let milliseconds = value.thousandths {
            self.init(milliseconds: milliseconds)
            return
        }
        guard let seconds = value.double else { throw MemberError.wrongType(value.kind, expected: .number) }
        guard abs(seconds) < 1e13 else { throw MemberError.invalid("not a time") }
        self.init(milliseconds: Int64((seconds * 1000).rounded()))
    }
}

extension Array: MemberValue where Element: MemberValue {
    public init(json value: JSONValue) throws {
        guard value.kind == .array else { throw MemberError.wrongType(value.kind, expected: .array) }
        self = []
        for (index, element) in value.elements.enumerated() {
            do {
                append(try Element(json: element))
            } catch let error as MemberError {
                throw error.inside("\(index + 1)")
            }
        }
    }
}

extension Dictionary: MemberValue where Key == String, Value: MemberValue {
    public init(json value: JSONValue) throws {
        guard value.kind == .object else { throw MemberError.wrongType(value.kind, expected: .object) }
        self = [:]
        for member in value.members where !member.value.isNull {
            do {
                self[member.name] = try Value(json: member.value)
            } catch let error as MemberError {
                throw error.inside(member.name)
            }
        }
    }
}
