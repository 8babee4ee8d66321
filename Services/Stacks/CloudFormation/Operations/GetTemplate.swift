import ServiceKit

/// Answers the template a stack was made of, or one that a change set is about.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html)
struct GetTemplate: AWSOperation {
    struct Input: InputShape {
        let stackName: String?
        let changeSetName: String?
        /// `Original` or `Processed`: macros change nothing of what is kept here.
        let stage: String?

        init(_ member: Members) throws {
            stackName = try member("StackName")
            changeSetName = try member("ChangeSetName")
            stage = try member("TemplateStage")
        }
    }

    struct Output: OutputShape {
        let template: String

        func write(to json: inout JSONWriter) {
            json.member("TemplateBody", template)
            json.member("StagesAvailable", ["Original", "Processed"])
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) async throws -> [Permission] {
        if let name = input.stackName { return [try await store.permission(on: name, in: call)] }
        return [try await store.permission(onChangeSet: input.changeSetName ?? "", of: nil, in: call)]
    }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let place = Place(call)
        return try await store.read { snapshot in
            if let name = input.changeSetName {
                let (set, _) = try snapshot.requiredChangeSet(name, of: input.stackName, at: place)
                return Output(template: set.goal.template)
            }
            guard let name = input.stackName else {
                throw ServiceError.validation("One of StackName or ChangeSetName must be specified.")
            }
            return Output(template: try snapshot.describedStack(name, at: place).definition.template)
        }
    }
}
