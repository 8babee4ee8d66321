import CSystem

/// XXH64 with the seed 0, as in `x-amz-checksum-xxhash64`.
///
/// [Specification](https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md)
public struct XXHash64: Checksum {
    private var state = XXHashState(APUS_XXH64)

    public init() {}
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { XXHashState.update(&state, bytes) }
    public func finalize() -> [UInt8] { state.value }
}

/// XXH3 of 64 bits with the seed 0, as in `x-amz-checksum-xxhash3`.
public struct XXHash3: Checksum {
    private var state = XXHashState(APUS_XXH3)

    public init() {}
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { XXHashState.update(&state, bytes) }
    public func finalize() -> [UInt8] { state.value }
}

/// XXH3 of 128 bits with the seed 0, as in `x-amz-checksum-xxhash128`.
public struct XXHash128: Checksum {
    private var state = XXHashState(APUS_XXH128)

    public init() {}
    public mutating func update(_ bytes: UnsafeRawBufferPointer) { XXHashState.update(&state, bytes) }
    public func finalize() -> [UInt8] { state.value }
}

/// The library's state, of half a kilobyte and aligned to cache lines, behind a value that is copied when it is shared.
///
/// Sendable because it changes only while one value refers to it.
private final class XXHashState: @unchecked Sendable {
    private let state: OpaquePointer

    init(_ kind: some BinaryInteger) { state = apus_xxhash_new(Int32(kind)) }

    private init(copying other: XXHashState) { state = apus_xxhash_copy(other.state) }

    deinit { apus_xxhash_free(state) }

    static func update(_ shared: inout XXHashState, _ bytes: UnsafeRawBufferPointer) {
        if !isKnownUniquelyReferenced(&shared) { shared = XXHashState(copying: shared) }
        apus_xxhash_update(shared.state, bytes.baseAddress, bytes.count)
    }

    var value: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            count = apus_xxhash_value(state, buffer.baseAddress)
        }
    }
}
