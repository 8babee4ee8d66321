import Testing

@testable import TemplateLanguage

/// Resources wait for what they name, and for nothing else.
@Suite("Dependencies")
struct DependencyTests {
    @Test("DependsOn, Ref, GetAtt and Sub, in properties and metadata")
    func kinds() throws {
        let template = try Template(
            """
            Parameters: {P: {Type: String}}
            Resources:
              A:
                Type: T
                DependsOn: B
                Metadata: {m: !Ref G}
                Properties:
                  r: !Ref C
                  a: [!GetAtt D.Arn]
                  s: !Sub ["${E} ${F.Arn} ${P} ${AWS::Region} ${!B2} ${own}", {own: !Ref H}]
              B: {Type: T}
              B2: {Type: T}
              C: {Type: T}
              D: {Type: T}
              E: {Type: T}
              F: {Type: T}
              G: {Type: T}
              H: {Type: T}
            """)
        #expect(template.resources[0].dependencies == ["B", "C", "D", "E", "F", "G", "H"])
    }

    @Test("Circles are named, without those that wait for them")
    func circles() {
        let circle = """
            Resources:
              A: {Type: T, Properties: {p: !Ref B}}
              B: {Type: T, DependsOn: C}
              C: {Type: T, Properties: {p: !Sub "${A}"}}
              D: {Type: T, DependsOn: A}
              E: {Type: T}
            """
        #expect(Sample.fault(circle) == "Circular dependency between resources: [A, B, C]")
        #expect(
            Sample.fault("Resources: {A: {Type: T, Properties: {p: !Ref A}}}")
                == "Circular dependency between resources: [A]")
    }

    @Test("A circle through a branch counts where the branch is taken")
    func conditionalCircle() throws {
        let text = """
            Parameters: {Loop: {Type: String, Default: no}}
            Conditions: {Loops: !Equals [!Ref Loop, 'true']}
            Resources:
              A: {Type: T, Properties: {p: !If [Loops, !Ref B, x]}}
              B: {Type: T, Properties: {p: !Ref A}}
            """
        #expect(try Sample.evaluation(text).resources.count == 2)
        #expect(
            Sample.evaluationFault(text, [GivenParameter("Loop", "true")])
                == "Circular dependency between resources: [A, B]")
    }
}
