import HTTPTypes

/// What browsers' forms have of XML.
///
/// [POST Object](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html)
public enum S3Form {
    /// The answer to a form that asks for status 201.
    public static func created(location: String, bucket: String, key: String, etag: String) -> [UInt8] {
        var xml = XMLWriter(declaration: true)
        xml.open("PostResponse")
        xml.element("Location", location)
        xml.element("Bucket", bucket)
        xml.element("Key", key)
        xml.element("ETag", etag)
        xml.close("PostResponse")
        return xml.bytes
    }

    /// The field `tagging`, a `Tagging` document, as the pairs it holds.
    ///
    /// - Throws: `WireFault` for what is no such document.
    public static func tags(_ text: String) throws(WireFault) -> [QueryItem] {
        let root = try XMLParser.parse(Array(text.utf8), limits: .init(size: 20 << 10, depth: 8, elements: 200))
        guard root.name == "Tagging", let set = root.child("TagSet") else {
            throw WireFault(.malformed, "no Tagging document")
        }
        return set.children("Tag").map { tag in
            QueryItem(name: tag.child("Key")?.text ?? "", value: tag.child("Value")?.text ?? "")
        }
    }
}
