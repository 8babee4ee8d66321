import Testing

@testable import TemplateLanguage
