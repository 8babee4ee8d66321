import ServiceKit

/// Why one item of a transaction stopped it; `None` for those that did not.
struct CancellationReason: Sendable, OutputShape {
    let code: String
    let message: String?
    let item: AttributeMap?

    static let none = CancellationReason(code: "None", message: nil, item: nil)

    func write(to json: inout JSONWriter) {
        json.member("Code", code)
        json.member("Message", message)
        json.member("Item", item)
    }
}
