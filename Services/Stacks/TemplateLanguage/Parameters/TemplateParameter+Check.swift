import AWSModel

extension TemplateParameter {
    private static let maximumSize = 4096

    /// Holds a value against what the parameter declares.
    func check(_ value: String) throws(TemplateError) {
        guard value.utf8.count <= Self.maximumSize else {
            throw TemplateError("Parameter '\(name)' must contain at most \(Self.maximumSize) characters")
        }
        for value in isStoredElsewhere ? [value] : elements(of: value) {
            if isNumber { try checkNumber(value) }
            if !allowedValues.isEmpty, !allowedValues.contains(where: { isSame($0, value) }) {
                throw fault("must be one of AllowedValues")
            }
            try checkPattern(value)
        }
        let length = value.unicodeScalars.count
        if let minLength, length < minLength { throw fault("must contain at least \(minLength) characters") }
        if let maxLength, length > maxLength { throw fault("must contain at most \(maxLength) characters") }
    }

    /// The elements of a list, without spaces around them; any other value itself.
    func elements(of value: String) -> [String] {
        guard isList else { return [value] }
        guard !value.isEmpty else { return [] }
        return value.split(separator: ",", omittingEmptySubsequences: false).map { element in
            var element = element
            while element.first == " " { element.removeFirst() }
            while element.last == " " { element.removeLast() }
            return String(element)
        }
    }

    private func checkNumber(_ value: String) throws(TemplateError) {
        guard let number = TemplateValue.string(value).double else {
            throw TemplateError("Parameter '\(name)' must be a number.")
        }
        if let minValue, number < minValue { throw fault("must be a number not less than \(Self.text(minValue))") }
        if let maxValue, number > maxValue { throw fault("must be a number not greater than \(Self.text(maxValue))") }
    }

    /// The pattern must match the whole value; what is no pattern refuses all.
    private func checkPattern(_ value: String) throws(TemplateError) {
        guard let allowedPattern else { return }
        guard let pattern = RegularExpression(whole: allowedPattern) else {
            throw TemplateError("Parameter '\(name)' AllowedPattern must be a valid regular expression.")
        }
        guard pattern.matches(value) else { throw fault("must match pattern \(allowedPattern)") }
    }

    private func isSame(_ allowed: String, _ value: String) -> Bool {
        if allowed == value { return true }
        guard isNumber, let one = Double(allowed), let other = Double(value) else { return false }
        return one == other
    }

    private func fault(_ message: String) -> TemplateError {
        guard let constraintDescription else { return TemplateError("Parameter '\(name)' \(message)") }
        return TemplateError("Parameter '\(name)' failed to satisfy constraint: \(constraintDescription)")
    }

    private static func text(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? number.description
    }
}
