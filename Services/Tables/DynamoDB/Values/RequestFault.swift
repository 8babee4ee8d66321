/// Why a request is refused by the rules of values and expressions, before any table is touched.
enum RequestFault: Error, Equatable {
    /// The request has the right shape and breaks a rule: `ValidationException`.
    case validation(String)
    /// The JSON does not have the type the service model gives the member: `SerializationException`.
    case serialization(String)

    /// The wording most rules about single values begin with.
    static func invalidParameter(_ detail: String) -> RequestFault {
        .validation("One or more parameter values were invalid: \(detail)")
    }
}
