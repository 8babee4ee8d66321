import Testing

@testable import TemplateLanguage

/// Templates of tests, and what is around them.
enum Sample {
    static let pseudo = PseudoParameters(
        accountID: "012345678901", region: "eu-west-1",
        stackID: "arn:aws:cloudformation:eu-west-1:012345678901:stack/shop/1", stackName: "shop",
        notificationARNs: ["arn:aws:sns:eu-west-1:012345678901:news"])

    /// What is wrong with a template; `nil` where nothing is.
    static func fault(_ text: String) -> String? {
        do throws(TemplateError) {
            _ = try Template(text)
            return nil
        } catch {
            return error.message
        }
    }

    static func evaluation(_ text: String, _ given: [GivenParameter] = []) throws -> Evaluation {
        let template = try Template(text)
        let values = try template.parameterValues(given, previous: [:])
        return try Evaluation(template, parameters: values, pseudo: pseudo)
    }

    /// What is wrong with a template once its parameters are there.
    static func evaluationFault(_ text: String, _ given: [GivenParameter] = []) -> String? {
        do {
            let evaluation = try evaluation(text, given)
            for resource in evaluation.resources { _ = try evaluation.properties(of: resource, in: World()) }
            _ = try evaluation.outputs(in: World())
            return nil
        } catch let error as TemplateError {
            return error.message
        } catch {
            return "\(error)"
        }
    }

    /// What a value of YAML comes out as, among parameters, mappings and conditions to try functions with.
    static func value(_ yaml: String, extensions: Bool = false, in world: World = World()) throws -> TemplateValue? {
        let text = """
            \(extensions ? "Transform: AWS::LanguageExtensions" : "Description: functions")
            Parameters:
              Name: {Type: String, Default: orders}
              Count: {Type: Number, Default: 3}
              Zones: {Type: CommaDelimitedList, Default: 'x, y,z'}
              Empty: {Type: String, Default: ''}
            Mappings:
              Sizes:
                eu-west-1: {Small: t.small, List: [p, q], Nested: Sizes}
            Conditions:
              Holds: !Equals [!Ref Name, orders]
              Fails: !Not [!Condition Holds]
            Resources:
              Table: {Type: AWS::DynamoDB::Table}
              Absent: {Type: AWS::DynamoDB::Table, Condition: Fails}
              Other:
                Type: T::T::T
                Properties:
                  Value: \(yaml)
            """
        let evaluation = try evaluation(text)
        let other = try #require(evaluation.resources.last)
        return try evaluation.properties(of: other, in: world)["Value"]
    }

    static func valueFault(_ yaml: String, extensions: Bool = false) -> String? {
        do {
            _ = try value(yaml, extensions: extensions)
            return nil
        } catch let error as TemplateError {
            return error.message
        } catch {
            return "\(error)"
        }
    }
}

/// A table that exists, or does not yet, and an export.
struct World: TemplateSurroundings {
    var isMade = true

    func reference(to logicalID: String) -> TemplateValue { isMade ? .string("shop-\(logicalID)") : .unknown }

    func attribute(_ name: String, of logicalID: String) -> TemplateValue? {
        guard isMade else { return .unknown }
        switch name {
        case "Arn": return .string("arn:\(logicalID)")
        case "Names.List": return .list([.string("a"), .string("b")])
        default: return nil
        }
    }

    func exportedValue(_ name: String) -> String? { name == "network" ? "10.0.0.0/16" : nil }
    func output(_ name: StackOutputName) -> String? {
        name.stack == "network" && name.region == nil ? "out-\(name.output)" : nil
    }
}
