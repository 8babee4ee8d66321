import JSON
import Testing

@testable import TemplateLanguage

/// Mutated templates never trap the parsers nor the functions; what is wrong with them is said.
@Suite("Fuzzed templates")
struct TemplateFuzz {
    private struct Surroundings: TemplateSurroundings {
        let isMade: Bool

        func reference(to logicalID: String) -> TemplateValue { isMade ? .string(logicalID) : .unknown }
        func attribute(_ name: String, of logicalID: String) -> TemplateValue? { reference(to: logicalID) }
        func exportedValue(_ name: String) -> String? { name.isEmpty ? nil : "10.0.0.0/8" }
        func output(_ name: StackOutputName) -> String? { name.output }
    }

    private static let pseudo = PseudoParameters(
        accountID: "012345678901", region: "eu-west-1", stackID: "arn:aws:cloudformation:::stack/s/1", stackName: "s")
    private static let tokens = [
        "!Ref ", "!Sub ", "!GetAtt ", "!If ", "!Join ", "!Select ", "!Cidr ", "Fn::ForEach::X", "Fn::Transform", "${",
        "${!", "}", "&a ", "*a", "<<: *a", "{", "}", "[", "]", ": ", "- ", "\n", "\n  ", "'", "\"", "|", "null", "~",
        "[[[[[[[[", "AWS::NoValue", "Condition: ", "DependsOn: ", "? ", "!!str ", "---\n", "-1", "1e999", "\\u0000",
    ]

    @Test("Templates of any kind are taken or refused, and values keep their form")
    func templates() throws {
        var mutator = Mutator(try Corpus.load("templates"), tokens: Self.tokens, seed: 11)
        var (read, evaluated) = (0, 0)
        for _ in 0..<Corpus.inputs {
            let text = String(decoding: mutator.next(), as: UTF8.self)
            guard let template = try? Template(text) else { continue }
            read += 1
            guard let values = try? template.parameterValues([], previous: [:]),
                let evaluation = try? Evaluation(template, parameters: values, pseudo: Self.pseudo)
            else { continue }
            evaluated += 1
            try hold(evaluation)
        }
        #expect(read > Corpus.inputs / 20)
        #expect(evaluated > Corpus.inputs / 40)
    }

    private func hold(_ evaluation: Evaluation) throws {
        let names = Set(evaluation.resources.map(\.logicalID))
        for resource in evaluation.resources {
            #expect(resource.dependencies.isSubset(of: names))
            for isMade in [true, false] {
                let surroundings = Surroundings(isMade: isMade)
                guard let properties = try? evaluation.properties(of: resource, in: surroundings) else { continue }
                let json = TemplateValue.map(properties).jsonText
                #expect(TemplateMap(members: try JSONDocument(Array(json.utf8)).root) == properties, "\(json)")
                _ = Template.dynamicReferences(in: properties)
            }
        }
        _ = try? evaluation.outputs(in: Surroundings(isMade: true))
    }
}
