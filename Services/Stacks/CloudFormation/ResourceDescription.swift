import ServiceKit
import TemplateLanguage

/// A resource of a stack as answers tell it; the operations differ in what they call its time.
struct ResourceDescription: OutputShape {
    let stack: Stack
    let resource: StackResource
    /// `Timestamp`, `LastUpdatedTimestamp`
    let timeName: String
    var namesStack = true
    /// What the template has beside the properties, where that is told.
    var metadata: [UInt8]?

    func write(to json: inout JSONWriter) {
        if namesStack {
            json.member("StackName", stack.name)
            json.member("StackId", stack.id)
        }
        json.member("LogicalResourceId", resource.logicalID)
        json.member("PhysicalResourceId", resource.physicalID)
        json.member("ResourceType", resource.type)
        json.member(timeName, resource.changed)
        json.member("ResourceStatus", resource.status.rawValue)
        json.member("ResourceStatusReason", resource.reason)
        json.member("Metadata", metadata.map { String(decoding: $0, as: UTF8.self) })
        json.member("DriftInformation", ResourceDrift())
    }
}
