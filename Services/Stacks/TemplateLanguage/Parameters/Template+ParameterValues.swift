extension Template {
    /// The value of every parameter: given, kept from the stack as it is, or the default.
    ///
    /// - Parameter stored: values of SSM parameters by their names; what is not among them is not there.
    /// - Throws: `TemplateError` for values that are missing, unknown or against what the parameter declares.
    public func parameterValues(
        _ given: [GivenParameter], previous: [String: String], stored: [String: String] = [:]
    ) throws(TemplateError) -> [String: String] {
        let known = Set(parameters.map(\.name))
        let unknown = given.map(\.name).filter { !known.contains($0) }
        let requested = Dictionary(given.map { ($0.name, $0) }) { $1 }
        var values: [String: String] = [:]
        var missing: [String] = []
        for parameter in parameters {
            if let value = try value(of: parameter, requested[parameter.name], previous) {
                values[parameter.name] = value
            } else {
                missing.append(parameter.name)
            }
        }
        guard missing.isEmpty else {
            throw TemplateError("Parameters: [\(missing.joined(separator: ", "))] must have values")
        }
        guard unknown.isEmpty else {
            throw TemplateError("Parameters: [\(unknown.joined(separator: ", "))] do not exist in the template")
        }
        for parameter in parameters {
            if let value = values[parameter.name] { try parameter.check(value) }
        }
        let absent = parameters.filter(\.isStoredElsewhere).compactMap { values[$0.name] }.filter { stored[$0] == nil }
        guard absent.isEmpty else {
            throw TemplateError(
                "Unable to fetch parameters [\(absent.joined(separator: ","))] from parameter store for this account.")
        }
        return values
    }

    private func value(
        of parameter: TemplateParameter, _ given: GivenParameter?, _ previous: [String: String]
    ) throws(TemplateError) -> String? {
        guard let given else { return parameter.defaultValue }
        guard given.usesPrevious else { return given.value ?? parameter.defaultValue }
        guard let value = previous[parameter.name] else {
            throw TemplateError(
                "Invalid input for parameter key \(parameter.name). Cannot specify usePreviousValue as true for a "
                    + "parameter key not in the previous template")
        }
        return value
    }
}
