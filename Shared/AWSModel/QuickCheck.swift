import JSON

/// A first look at an input: whether it keeps to its shape beyond doubt. Most do, and need no second look.
///
/// The shapes below one another lie in plain tables, and values are read where they lie: of an item of a database there
/// are hundreds, and none has anything to be said of but its kind. What this does not know for sure, such as faults and
/// their places, is `ConstraintChecker`'s matter.
struct QuickCheck: Sendable {
    private struct Form {
        enum Kind { case any, structure, list, map, text, boolean, number, checked }

        var kind = Kind.any
        /// Counts of elements or members; bytes of a map's keys.
        var count = 0...Int.max
        var keyBytes = 0...Int.max
        /// Of a structure: its fields. Of a list or map: the form of what it holds, if anything is to be said of it.
        var fields = 0..<0
        var content: Int?
        var requiredBits: UInt64 = 0
        /// Of a scalar with constraints, among `shapes`.
        var shape = 0
    }

    private struct Field {
        let name: Range<Int>
        let form: Int
        let requiredBit: UInt64
    }

    private var forms: [Form] = []
    private var fields: [Field] = []
    private var names: [UInt8] = []
    private var shapes: [Shape] = []

    /// Lays out a shape and all that lie below it.
    init(_ model: ServiceModel, _ shape: ShapeID) {
        var known: [ShapeID: Int] = [:]
        _ = lay(shape, model, &known)
    }

    /// False where it takes a second look.
    func passes(_ input: JSONValue) -> Bool {
        input.lend { view in
            forms.withUnsafeBufferPointer { forms in
                fields.withUnsafeBufferPointer { fields in
                    names.withUnsafeBufferPointer { names in
                        QuickWalk(input: input, forms: forms, fields: fields, names: names, shapes: shapes)
                            .passes(view, 0)
                    }
                }
            }
        }
    }

    // MARK: Laying out

    private mutating func lay(_ id: ShapeID, _ model: ServiceModel, _ known: inout [ShapeID: Int]) -> Int {
        if let place = known[id] { return place }
        let place = forms.count
        known[id] = place
        // Shapes may lie below themselves: the place is taken before it is filled.
        forms.append(Form())
        forms[place] = form(of: model[id], model, &known)
        return place
    }

    private mutating func form(of shape: Shape, _ model: ServiceModel, _ known: inout [ShapeID: Int]) -> Form {
        var form = Form()
        if shape.traits.isDocument { return form }
        switch shape.kind {
        case .structure:
            form.kind = .structure
            form.requiredBits = shape.requiredBits
            form.fields = lay(shape.members, model, &known)
        case .list:
            form.kind = .list
            form.count = shape.constraint.counts
            form.content = shape.element.map { lay($0.target, model, &known) }
        case .map:
            // What counts characters or looks at the keys' letters is not for here.
            guard let key = shape.key, let value = shape.value, let bytes = model[key.target].constraint.keyBytes else {
                return checked(shape)
            }
            form.kind = .map
            form.count = shape.constraint.counts
            form.keyBytes = bytes
            form.content = lay(value.target, model, &known)
        case .string where shape.constraint.isEmpty: form.kind = .text
        case .boolean: form.kind = .boolean
        case .integer where shape.constraint.isEmpty, .long where shape.constraint.isEmpty: form.kind = .number
        default: return checked(shape)
        }
        return form
    }

    private mutating func checked(_ shape: Shape) -> Form {
        shapes.append(shape)
        var form = Form()
        form.kind = .checked
        form.shape = shapes.count - 1
        return form
    }

    private mutating func lay(
        _ members: [Member], _ model: ServiceModel, _ known: inout [ShapeID: Int]
    ) -> Range<Int> {
        // What lies below comes first: the fields of one structure lie side by side.
        let targets = members.map { lay($0.target, model, &known) }
        let start = fields.count
        for (member, target) in zip(members, targets) {
            let nameStart = names.count
            names.append(contentsOf: member.name.utf8)
            fields.append(
                Field(name: nameStart..<names.count, form: target, requiredBit: member.requiredBit))
        }
        return start..<fields.count
    }

    // MARK: Looking

    private struct QuickWalk {
        let input: JSONValue
        let forms: UnsafeBufferPointer<Form>
        let fields: UnsafeBufferPointer<Field>
        let names: UnsafeBufferPointer<UInt8>
        let shapes: [Shape]

        func passes(_ value: JSONView, _ place: Int) -> Bool {
            switch forms[place].kind {
            case .any: true
            case .text: value.isString
            case .boolean: value.bool != nil
            case .number: value.isNumber
            case .structure: value.isObject && structurePasses(value, forms[place])
            case .list: value.isArray && listPasses(value, forms[place])
            case .map: value.isObject && mapPasses(value, forms[place])
            case .checked: scalarPasses(input.value(of: value), shapes[forms[place].shape])
            }
        }

        private func structurePasses(_ value: JSONView, _ form: Form) -> Bool {
            var missing = form.requiredBits
            for member in value.members where !member.value.isNull {
                guard let name = member.name.plainString else { return false }
                guard let field = field(named: name, in: form) else { continue }
                missing &= ~field.requiredBit
                guard passes(member.value, field.form) else { return false }
            }
            return missing == 0
        }

        private func field(named name: UnsafeBufferPointer<UInt8>, in form: Form) -> Field? {
            for index in form.fields {
                let field = fields[index]
                if field.name.count == name.count, names[field.name].elementsEqual(name) { return field }
            }
            return nil
        }

        private func listPasses(_ value: JSONView, _ form: Form) -> Bool {
            var count = 0
            for element in value.elements {
                count += 1
                guard let content = form.content, !element.isNull else { continue }
                guard passes(element, content) else { return false }
            }
            return form.count.contains(count)
        }

        private func mapPasses(_ value: JSONView, _ form: Form) -> Bool {
            var count = 0
            for member in value.members {
                count += 1
                guard let name = member.name.plainString, form.keyBytes.contains(name.count) else { return false }
                guard let content = form.content, !member.value.isNull else { continue }
                guard passes(member.value, content) else { return false }
            }
            return form.count.contains(count)
        }

        private func scalarPasses(_ value: JSONValue, _ shape: Shape) -> Bool {
            guard shape.isScalar else { return false }
            do {
                guard let length = try ScalarKind.length(of: value, shape) else { return true }
                return shape.constraint.holds(for: value, length: length)
            } catch {
                return false
            }
        }
    }
}

extension Constraint {
    /// The counts a collection may have.
    fileprivate var counts: ClosedRange<Int> {
        let least = Int(minimum ?? 0)
        let most = maximum ?? .infinity
        return least...(most < 1e15 ? max(least, Int(most)) : .max)
    }

    /// Numbers of bytes that keep keys within their bounds, which are of characters; `nil` where that takes more.
    fileprivate var keyBytes: ClosedRange<Int>? {
        guard patternText == nil, values.isEmpty, minimum ?? 0 <= 1 else { return nil }
        return counts
    }
}
