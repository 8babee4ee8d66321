extension FunctionCall {
    static let supported = [
        "Fn::Base64", "Fn::GetAtt", "Fn::GetAZs", "Fn::ImportValue", "Fn::Join", "Fn::Split", "Fn::FindInMap",
        "Fn::Select", "Ref", "Fn::Equals", "Fn::If", "Fn::Not", "Condition", "Fn::And", "Fn::Or", "Fn::Contains",
        "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::ValueOf", "Fn::ValueOfAll", "Fn::RefAll", "Fn::Sub",
        "Fn::Cidr", "Fn::GetStackOutput",
    ]
    static let extensions: Set<String> = ["Fn::Length", "Fn::ToJsonString"]

    private static let stackOutputMembers: Set<String> = ["StackName", "OutputName", "Region", "RoleArn"]

    /// Whether the arguments are as many and of such kinds as the function takes, as far as can be seen before it runs.
    ///
    /// - Parameter extensions: whether those of `AWS::LanguageExtensions` may be used.
    func check(extensions: Bool) throws(TemplateError) {
        switch name {
        case "Ref": try require(argument.string?.isEmpty == false || (extensions && isFunction(argument)), .ref)
        case "Fn::GetAtt": try checkGetAtt()
        case "Fn::Sub": try checkSub()
        case "Fn::Join": try requireList(2...2, .join) { $0[0].text != nil || isFunction($0[0]) }
        case "Fn::Split": try requireList(2...2, .split) { $0[0].string?.isEmpty == false || isFunction($0[0]) }
        case "Fn::Select": try requireList(2...2, .select) { canSelect($0[0], from: $0[1]) }
        case "Fn::FindInMap": try requireList(3...4, .findInMap) { $0.count == 3 || $0[3].map?["DefaultValue"] != nil }
        case "Fn::If":
            try requireList(1...Int.max, .ifCondition) { $0[0].string != nil }
            try requireList(3...3, .ifCount)
        case "Fn::Equals": try requireList(2...2, .equals)
        case "Fn::And": try requireList(2...10, .and) { $0.allSatisfy { $0.map != nil } }
        case "Fn::Or": try requireList(2...10, .or) { $0.allSatisfy { $0.map != nil } }
        case "Fn::Not":
            try requireList(1...1, .not)
            try requireList(1...1, .notToken) { $0[0].map != nil }
        case "Fn::Base64": try require(isText(argument), .base64)
        case "Fn::GetAZs": try require(isText(argument), .zones)
        case "Fn::ImportValue": try require(isText(argument), .importValue)
        case "Fn::GetStackOutput": try require(isStackOutput, .stackOutput)
        case "Fn::Cidr": try requireList(3...3, .cidr)
        default: try require(isKnown(extensions), .unsupported(name))
        }
    }

    private func isKnown(_ extensions: Bool) -> Bool {
        Self.supported.contains(name) || (extensions && Self.extensions.contains(name))
    }

    private func checkGetAtt() throws(TemplateError) {
        if let text = argument.string {
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            return try require(parts.count == 2 && parts.allSatisfy { !$0.isEmpty }, .getAtt)
        }
        try requireList(2...2, .getAtt) { parts in
            parts.allSatisfy { $0.string?.isEmpty == false || isFunction($0) }
        }
    }

    private func checkSub() throws(TemplateError) {
        let parts = argument.list ?? [argument]
        guard (1...2).contains(parts.count), let text = parts[0].string else { throw .sub }
        for case .variable(let name) in SubstitutionText(text).parts {
            try require(SubstitutionText.isName(name), .subName)
        }
        guard parts.count == 2 else { return }
        guard let given = parts[1].map else { throw .sub }
        for entry in given.entries {
            try require(SubstitutionText.isName(entry.name), .subKey)
            try require(isText(entry.value), .subValue)
        }
    }

    /// Where both stand there, the index has to be one of the list's.
    private func canSelect(_ index: TemplateValue, from values: TemplateValue) -> Bool {
        guard isFunction(index) || index.integer != nil, isFunction(values) || values.list != nil else { return false }
        guard let index = index.integer, let values = values.list else { return true }
        return values.indices.contains(index)
    }

    private var isStackOutput: Bool {
        guard let members = argument.map, members["StackName"] != nil, members["OutputName"] != nil else {
            return false
        }
        return members.entries.allSatisfy { isText($0.value) && Self.stackOutputMembers.contains($0.name) }
    }

    private func isText(_ value: TemplateValue) -> Bool { value.text != nil || isFunction(value) }

    private func isFunction(_ value: TemplateValue) -> Bool { value.map.map { FunctionCall($0) != nil } ?? false }

    private func requireList(
        _ counts: ClosedRange<Int>, _ error: TemplateError, _ rule: ([TemplateValue]) -> Bool = { _ in true }
    ) throws(TemplateError) {
        guard let list = argument.list, counts.contains(list.count), rule(list) else { throw error }
    }

    private func require(_ holds: Bool, _ error: TemplateError) throws(TemplateError) {
        guard holds else { throw error }
    }
}
