import Bytes
import COpenSSL

/// A non-negative whole number of any size, for protocols built on modular arithmetic such as SRP.
///
/// Immutable. Exponentiation takes a time that does not depend on the exponent's bits.
public struct BigNumber: Sendable, Hashable, Comparable {
    // Written only while it is made and never afterwards; OpenSSL reads it without changing it.
    private final class Storage: @unchecked Sendable {
        let number: OpaquePointer

        init(_ number: OpaquePointer) { self.number = number }
        deinit { BN_clear_free(number) }
    }

    private let storage: Storage
    private var number: OpaquePointer { storage.number }

    private init(taking number: OpaquePointer) { storage = Storage(number) }

    public init(_ value: UInt64) { self.init(bytes: withUnsafeBytes(of: value.bigEndian) { Array($0) }) }

    /// Reads bytes, most significant first.
    public init(bytes: [UInt8]) {
        guard let number = BN_bin2bn(bytes, Int32(clamping: bytes.count), nil) else { fatalError("out of memory") }
        self.init(taking: number)
    }

    /// `nil` for anything but hexadecimal digits; an odd count is allowed.
    public init?(hex: String) {
        let digits = hex.utf8.count.isMultiple(of: 2) ? Array(hex.utf8) : [UInt8(ascii: "0")] + hex.utf8
        guard !digits.isEmpty, let bytes = Hex.decode(digits) else { return nil }
        self.init(bytes: bytes)
    }

    /// Uniform in `0 ..< limit`.
    public static func random(below limit: BigNumber) -> BigNumber {
        make { result, _ in BN_rand_range(result, limit.number) }
    }

    /// Most significant byte first, without leading zeros; zero is empty.
    public var bytes: [UInt8] {
        let count = (Int(BN_num_bits(number)) + 7) / 8
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 { BN_bn2bin(number, buffer.baseAddress) }
            initialized = count
        }
    }

    /// Most significant byte first, filled up with leading zeros; more bytes where the number needs them.
    public func bytes(paddedTo count: Int) -> [UInt8] {
        let bytes = self.bytes
        return [UInt8](repeating: 0, count: max(0, count - bytes.count)) + bytes
    }

    /// Lower-case hexadecimal with an even number of digits; zero is `00`.
    public var hex: String { isZero ? "00" : Hex.string(bytes) }

    public var isZero: Bool { BN_is_zero(number) == 1 }

    public static func + (left: BigNumber, right: BigNumber) -> BigNumber {
        make { result, _ in BN_add(result, left.number, right.number) }
    }

    public static func * (left: BigNumber, right: BigNumber) -> BigNumber {
        make { result, context in BN_mul(result, left.number, right.number, context) }
    }

    /// - Precondition: `modulus` is not zero.
    public static func % (left: BigNumber, modulus: BigNumber) -> BigNumber {
        make { result, context in BN_nnmod(result, left.number, modulus.number, context) }
    }

    /// `self + other` modulo `modulus`.
    public func adding(_ other: BigNumber, modulo modulus: BigNumber) -> BigNumber {
        Self.make { result, context in BN_mod_add(result, number, other.number, modulus.number, context) }
    }

    /// `self - other` modulo `modulus`, never negative.
    public func subtracting(_ other: BigNumber, modulo modulus: BigNumber) -> BigNumber {
        Self.make { result, context in BN_mod_sub(result, number, other.number, modulus.number, context) }
    }

    /// `self × other` modulo `modulus`.
    public func multiplied(by other: BigNumber, modulo modulus: BigNumber) -> BigNumber {
        Self.make { result, context in BN_mod_mul(result, number, other.number, modulus.number, context) }
    }

    /// `self` raised to `exponent`, modulo `modulus`, which must be odd.
    public func power(_ exponent: BigNumber, modulo modulus: BigNumber) -> BigNumber {
        Self.make { result, context in
            BN_mod_exp_mont_consttime(result, number, exponent.number, modulus.number, context, nil)
        }
    }

    public static func == (left: BigNumber, right: BigNumber) -> Bool { BN_cmp(left.number, right.number) == 0 }
    public static func < (left: BigNumber, right: BigNumber) -> Bool { BN_cmp(left.number, right.number) < 0 }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// Gives the number to OpenSSL as a part of a key; it must outlive the builder.
    func add(to builder: OpaquePointer, as name: StaticString) -> Bool {
        OSSL_PARAM_BLD_push_BN(builder, name.cString, number) == 1
    }

    func multiplyGenerator(of group: OpaquePointer, into point: OpaquePointer) -> Bool {
        EC_POINT_mul(group, point, number, nil, nil, nil) == 1
    }

    private static func make(_ operation: (OpaquePointer, OpaquePointer) -> Int32) -> BigNumber {
        guard let result = BN_new(), let context = BN_CTX_new() else { fatalError("out of memory") }
        defer { BN_CTX_free(context) }
        // The operations fail only for a zero or even modulus, which is a caller's mistake.
        precondition(operation(result, context) == 1, "the modulus does not fit the operation")
        return BigNumber(taking: result)
    }
}
