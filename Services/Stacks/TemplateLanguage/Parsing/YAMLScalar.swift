/// What plain scalars stand for: YAML 1.1 as far as it does no harm.
///
/// Dates, octal and sexagesimal numbers stay the text they are: account numbers begin with zeros, versions of policies
/// look like dates, and ports like hours.
///
/// [Template formats](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html)
enum YAMLScalar {
    static func value(ofPlain text: String) -> TemplateValue {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": .bool(false)
        default: JSONNumber.isWellFormed(text) ? .number(text) : .string(text)
        }
    }
}
