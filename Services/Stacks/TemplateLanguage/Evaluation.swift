/// What functions find outside of the template.
public protocol TemplateSurroundings: Sendable {
    /// What `Ref` gives of a resource; `.unknown` for one that is still to be made.
    func reference(to logicalID: String) -> TemplateValue
    /// What `Fn::GetAtt` gives; `nil` where the resource exists and has no such attribute.
    func attribute(_ name: String, of logicalID: String) -> TemplateValue?
    /// What another stack exports under a name; `nil` where none does.
    func exportedValue(_ name: String) -> String?
}

/// `AWS::StackName` and its like.
public struct PseudoParameters: Sendable {
    public var accountID, region, stackID, stackName: String
    public var notificationARNs: [String]

    public init(accountID: String, region: String, stackID: String, stackName: String, notificationARNs: [String] = [])
    {
        (self.accountID, self.region, self.stackID, self.stackName) = (accountID, region, stackID, stackName)
        self.notificationARNs = notificationARNs
    }
}

/// A parameter as a request gives it.
public struct GivenParameter: Sendable {
    public let name: String
    public let value: String?
    public let usesPrevious: Bool

    public init(_ name: String, _ value: String?, usesPrevious: Bool = false) {
        (self.name, self.value, self.usesPrevious) = (name, value, usesPrevious)
    }
}

extension Template {
    /// The value of every parameter: given, kept from the stack as it is, or the default.
    ///
    /// - Throws: `TemplateError` for values that are missing, unknown or against what the parameter declares.
    public func parameterValues(
        _ given: [GivenParameter], previous: [String: String]
    ) throws(TemplateError) -> [String: String] { throw TemplateError("not yet") }
}

/// A template with its parameters: conditions are decided, functions can be evaluated.
public struct Evaluation: Sendable {
    public let template: Template
    public let conditions: [String: Bool]

    /// - Parameter parameters: what `Template.parameterValues` gave.
    /// - Throws: `TemplateError`, also for references to what is nowhere, and for resources that depend on each other
    ///   in a circle.
    public init(
        _ template: Template, parameters: [String: String], pseudo: PseudoParameters
    ) throws(TemplateError) { throw TemplateError("not yet") }

    /// The resources whose conditions hold; dependencies name only these.
    public var resources: [TemplateResource] { [] }

    /// A resource's properties, with nothing left to evaluate but what is `unknown`.
    public func properties(
        of resource: TemplateResource, in surroundings: any TemplateSurroundings
    ) throws(TemplateError) -> TemplateMap { throw TemplateError("not yet") }

    /// The outputs whose conditions hold.
    public func outputs(in surroundings: any TemplateSurroundings) throws(TemplateError) -> [EvaluatedOutput] { [] }
}

public struct EvaluatedOutput: Sendable, Hashable {
    public let name: String
    public let value: String
    public let description: String?
    public let exportName: String?

    public init(name: String, value: String, description: String?, exportName: String?) {
        (self.name, self.value, self.description, self.exportName) = (name, value, description, exportName)
    }
}
