import ServiceKit
import Testing

@testable import SES

@Suite("Templates")
struct TemplateTests {
    private func template(_ subject: String = "", text: String? = nil, html: String? = nil) -> Template {
        Template(name: "t", subject: subject, text: text, html: html, created: Timestamp(seconds: 0))
    }

    @Test("Gaps are filled from the data, members of members too")
    func filling() throws {
        let mail = try template("Hi {{ user.name }}", text: "{{n}} {{flag}} <{{user.name}}>")
            .render(#"{"user":{"name":"A&B"},"n":3,"flag":true}"#)
        #expect(mail.subject == "Hi A&B" && mail.text == "3 true <A&B>" && mail.html == nil)
    }

    @Test("HTML is escaped, also where an accent follows, except in three braces")
    func escaping() throws {
        let mail = try template(html: #"<a title="{{x}}">{{{y}}}</a>"#)
            .render(#"{"x":"\"\u0301<&'>=","y":"<b>"}"#)
        let expected = "<a title=\"&quot;\u{301}&lt;&amp;&#x27;&gt;&#x3D;\"><b></a>"
        #expect(mail.html.map { Array($0.utf8) } == Array(expected.utf8))
    }

    @Test("What was filled in is not filled again")
    func once() throws {
        #expect(try template("{{a}}").render(#"{"a":"{{b}}","b":"no"}"#).subject == "{{b}}")
    }

    @Test(
        "What cannot be rendered is refused",
        arguments: [
            ("{{missing}}", "{}", "MissingRenderingAttribute"), ("{{a.b}}", #"{"a":1}"#, "MissingRenderingAttribute"),
            ("{{}}", "{}", "MissingRenderingAttribute"), ("{{a", #"{"a":1}"#, "InvalidRenderingParameter"),
            ("{{#if a}}", #"{"a":1}"#, "InvalidRenderingParameter"), ("x", "{nonsense", "InvalidRenderingParameter"),
        ])
    func refused(subject: String, data: String, code: String) {
        #expect { try template(subject).render(data) } throws: { ($0 as? ServiceError)?.code == code }
    }
}
