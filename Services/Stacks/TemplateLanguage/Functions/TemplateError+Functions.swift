/// What CloudFormation says of functions that are not as they have to be.
extension TemplateError {
    static let ref = function("every Ref object must have a single String value.")
    static let getAtt = function(
        "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute")
    static let sub = function(
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, "
            + "and an optional second argument to specify a mapping of values to replace in the string")
    static let subName = function(
        "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons")
    static let subKey = function(
        "every key of the context object of every Fn::Sub object must contain only alphanumeric characters and "
            + "underscores")
    static let subValue = function(
        "every value of the context object of every Fn::Sub object must be a string or a function that returns a string"
    )
    static let join = function(
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined "
            + "or a function that returns a list of strings (such as Fn::GetAZs) to be joined.")
    static let split = function(
        "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a "
            + "function that returns a string to be split.")
    static let select = function(
        "Fn::Select requires a list argument with two elements: an integer index and a list")
    static let selectIndex = function(
        "Fn::Select requires a list argument with a valid index value as its first element")
    static let findInMap = function(
        "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
    )
    static let base64 = function("every Fn::Base64 object must have a String-typed value.")
    static let zones = function("every Fn::GetAZs object must have a String-typed value.")
    static let importValue = function(
        "the attribute in Fn::ImportValue must be a string or a function that returns a string")
    static let stackOutput = function(
        "every Fn::GetStackOutput object requires StackName and OutputName, and takes Region and RoleArn, all strings")
    static let cidr = function(
        "every Fn::Cidr object requires three parameters, (1) an IP address block, (2) the number of CIDR blocks and (3) "
            + "the number of subnet bits of each")
    static let ifCondition = function("Fn::If requires a list argument with the first element being a condition")
    static let ifCount = function("Fn::If requires a list argument with three elements")
    static let equals = function("every Fn::Equals object requires a list of 2 string parameters.")
    static let and = function(
        "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.")
    static let or = function("every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.")
    static let not = function("Fn::Not requires a list argument with one element")
    static let notToken = function("Fn::Not requires a list argument with one function token")
    static let length = function("Fn::Length expects an array of values or a function that returns one")
    static let toJSON = function("Fn::ToJsonString requires an object, a list or a function that returns one")

    static func unsupported(_ name: String) -> TemplateError {
        format(
            "Encountered unsupported function: \(name) Supported functions are: "
                + "[\(FunctionCall.supported.joined(separator: ", "))]")
    }

    static func unresolved(_ names: [String], in block: String) -> TemplateError {
        format(
            "Unresolved resource dependencies [\(names.joined(separator: ", "))] in the \(block) block of the template")
    }

    static func noAttribute(_ name: String, of resource: String) -> TemplateError {
        function("resource \(resource) does not support attribute type \(name) in Fn::GetAtt")
    }
}
