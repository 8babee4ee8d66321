import ServiceKit
import TemplateLanguage

/// Says what a template would change in a stack, or in one that is to be made, and keeps it to be executed.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html)
struct CreateChangeSet: AWSOperation {
    struct Input: InputShape {
        let stackName: String
        let name: String
        let request: StackRequest
        let kind: ChangeSet.Kind
        let description: String?
        let clientToken: String?
        let onStackFailure: String?
        private let missing: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            name = try member("ChangeSetName")
            request = try StackRequest(member)
            let kind: String = try member("ChangeSetType") ?? "UPDATE"
            self.kind = ChangeSet.Kind(rawValue: kind) ?? .update
            description = try member("Description")
            clientToken = try member("ClientToken")
            onStackFailure = try member("OnStackFailure")
            let imports = try member("ResourcesToImport") as [JSONValue]? ?? []
            let importsExisting = try member("ImportExistingResources") as Bool? ?? false
            let mode: String? = try member("DeploymentMode")
            missing =
                kind == "IMPORT" || !imports.isEmpty || importsExisting
                ? "Importing resources" : mode.map { "DeploymentMode \($0)" }
        }

        /// Said plainly rather than ignored.
        fileprivate func check() throws(ServiceError) {
            if let missing { throw .validation("\(missing) is not available here.") }
            guard onStackFailure == nil || kind == .create || onStackFailure != "DELETE" else {
                throw .validation("OnStackFailure DELETE is only for change sets that create a stack.")
            }
        }
    }

    struct Output: OutputShape {
        let id: String
        let stackID: String

        func write(to json: inout JSONWriter) {
            json.member("Id", id)
            json.member("StackId", stackID)
        }
    }

    static let limit = 1000

    let store: StackStore
    let client: ServiceClient

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        var context = input.request.conditions
        context["cloudformation:ChangeSetName"] = [input.name]
        return [try await store.permission(on: input.stackName, in: call, context: context)]
            + input.request.permissions(in: call)
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        try input.check()
        let place = Place(call)
        let known = try await store.read { try $0.stack(input.stackName, at: place) }
        let stack = try input.subject(known, in: call)
        let (rows, exports) = try await store.read { snapshot in
            (try snapshot.resources(of: stack.id), try snapshot.exports(at: place))
        }
        let checked = try await input.request.checked(
            for: stack, isNew: input.kind == .create, expandsMacros: true, in: call, client)
        let set = ChangeSet(input, of: stack, rows, checked, exports, in: call)
        return try await store.write { snapshot in
            if let twin = try snapshot.changeSet(input.name, of: stack.id) {
                // The same request once more, as after a lost answer.
                if let token = input.clientToken, twin.clientToken == token {
                    return Output(id: twin.id, stackID: twin.stackID)
                }
                guard twin.isOver else { throw ServiceError.changeSetExists(input.name) }
                try snapshot.remove(twin)
            }
            guard try snapshot.changeSets(of: stack.id).count < Self.limit else {
                throw ServiceError.tooManyChangeSets(Self.limit)
            }
            if known == nil {
                var made = stack
                guard try snapshot.stack(stack.name, at: place) == nil else {
                    throw ServiceError.stackExists(stack.name)
                }
                try snapshot.move(&made, to: .reviewInProgress, because: "User Initiated", at: call.now)
            }
            try snapshot.put(set)
            return Output(id: set.id, stackID: set.stackID)
        }
    }
}

extension ChangeSet {
    /// Whether it can never be executed (again). The CLI names its sets by the second, and may do two in one here.
    fileprivate var isOver: Bool {
        switch executionStatus {
        case .complete, .failed, .obsolete: true
        case .unavailable: status == .failed
        case .available, .inProgress: false
        }
    }
}

extension CreateChangeSet.Input {
    /// The stack that is to change: a new one in review, where there is none.
    ///
    /// - Throws: `ValidationError` for a stack that is not there, or cannot change, or is there already.
    fileprivate func subject(_ known: Stack?, in call: Call) throws(ServiceError) -> Stack {
        switch (kind, known) {
        case (.update, let stack?) where stack.deleted == nil:
            guard stack.status.isUpdatable else { throw .stackState(stack, action: "updated") }
            return stack
        case (.update, _): throw .stackNameMissing(stackName)
        case (.create, let stack?):
            guard stack.status == .reviewInProgress else {
                throw .validation(
                    "Stack [\(stack.name)] already exists and cannot be created again with the changeSet [\(name)].")
            }
            return stack
        case (.create, nil):
            try StackName.check(stackName)
            return Stack(
                name: stackName, definition: StackDefinition(template: ""), status: .reviewInProgress, in: call)
        }
    }
}

extension ChangeSet {
    /// Both of CloudFormation's texts for a set without changes are looked for by clients.
    private static let nothing = """
        The submitted information didn't contain changes. Submit different information to create a change set.
        """

    /// - Parameter checked: what the stack is to be.
    fileprivate init(
        _ input: CreateChangeSet.Input, of stack: Stack, _ rows: [StackResource], _ checked: StackRequest.Checked,
        _ exports: [Export], in call: Call
    ) {
        let path = "changeSet/\(input.name)/\(Identifier.uuid())"
        id = ARN("cloudformation", region: call.region, account: call.account, path).description
        (name, stackID, created, kind) = (input.name, stack.id, call.now, input.kind)
        (description, goal, clientToken) = (input.description, checked.definition, input.clientToken)
        onFailure = input.onStackFailure.flatMap(StackOperation.OnFailure.init(rawValue:))
        do {
            let plan = try ChangePlan(of: stack, rows, to: checked, exports: exports)
            let isWorthIt = kind == .create || stack.isHalfDone || !plan.isEmpty
            changes = plan.resources
            status = isWorthIt ? .complete : .failed
            statusReason =
                isWorthIt ? nil : checked.template.transforms.isEmpty ? Self.nothing : ServiceError.noUpdates.message
        } catch {
            (changes, status, statusReason) = ([], .failed, error.message)
        }
        executionStatus = status == .complete ? .available : .unavailable
    }
}
