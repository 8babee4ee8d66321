import ServiceKit

/// A statement as it was read, its parameters in place.
enum PartiQLStatement: Sendable, Equatable {
    case select(Select)
    case insert(Insert)
    case update(Change)
    case delete(Change)
    /// `EXISTS(SELECT …)`, the condition check of a transaction.
    case exists(Select)

    struct Select: Sendable, Equatable {
        /// `nil` for `*`.
        let columns: [DocumentPath]?
        let source: Source
        let condition: Condition?
        let order: [Order]
    }

    struct Source: Sendable, Equatable {
        let table: String
        let index: String?
    }

    struct Order: Sendable, Equatable {
        let attribute: Text
        let isDescending: Bool
    }

    struct Insert: Sendable, Equatable {
        let table: String
        let item: AttributeMap
    }

    /// UPDATE and DELETE.
    struct Change: Sendable, Equatable {
        let table: String
        let update: Update
        let condition: Condition?
        let returning: Returning?
    }

    /// What `RETURNING … *` answers, by the name `ReturnValues` has for it.
    enum Returning: String, Sendable {
        case allOld = "ALL_OLD"
        case allNew = "ALL_NEW"
        case modifiedOld = "UPDATED_OLD"
        case modifiedNew = "UPDATED_NEW"

        /// As the statement says it.
        var words: String {
            switch self {
            case .allOld: "ALL OLD"
            case .allNew: "ALL NEW"
            case .modifiedOld: "MODIFIED OLD"
            case .modifiedNew: "MODIFIED NEW"
            }
        }
    }

    var table: String {
        switch self {
        case .select(let select), .exists(let select): select.source.table
        case .insert(let insert): insert.table
        case .update(let change), .delete(let change): change.table
        }
    }

    var index: String? {
        switch self {
        case .select(let select), .exists(let select): select.source.index
        case .insert, .update, .delete: nil
        }
    }

    var condition: Condition? {
        switch self {
        case .select(let select), .exists(let select): select.condition
        case .insert: nil
        case .update(let change), .delete(let change): change.condition
        }
    }

    var isSelect: Bool { if case .select = self { true } else { false } }
}

extension ServiceError {
    /// The statement breaks the grammar.
    static func malformedStatement(_ detail: String) -> ServiceError {
        .validation("Statement wasn't well formed, can't be processed: \(detail)")
    }

    static let leftoverTokens = malformedStatement("Unexpected token after expression")
    static let parameterCount = ServiceError.validation(
        "Number of parameters in request and statement don't match.")
    /// Statements are told without the name.
    static let namelessIndexNotFound = ServiceError.validation("The table does not have the specified index")
    static let incompleteKey = ServiceError.validation(
        "Where clause does not contain a mandatory equality on all key attributes")
    static let duplicateItem = ServiceError("DuplicateItemException", "Duplicate primary key exists in table")
}
