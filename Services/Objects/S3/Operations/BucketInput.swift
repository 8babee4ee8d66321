import ServiceKit

/// The input of operations that ask about a bucket as a whole.
struct BucketInput: InputShape {
    let bucket: BucketReference

    init(_ member: Members) throws { bucket = try BucketReference(member) }
}
