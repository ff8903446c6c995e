//! Validation rules of properties, in words; a few are types.

/// The type that a rule asks for.
pub fn type_of(rule: &str) -> Option<&'static str> {
    match rule {
        "EMAIL" => Some("email"),
        "URL" => Some("url"),
        "PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE" => Some("phone"),
        _ => None,
    }
}

/// What a rule takes; `…` stands for its arguments.
const WORDS: &[(&str, &str)] = &[
    ("AFTER_DATETIME_DURATION", "times later than … from now"),
    ("AFTER_DURATION", "dates later than … from now"),
    ("ALPHANUMERIC", "letters and digits"),
    ("BEFORE_DATETIME_DURATION", "times earlier than … from now"),
    ("BEFORE_DURATION", "dates earlier than … from now"),
    ("DAYS_OF_WEEK", "these days of the week: …"),
    ("DECIMAL", "numbers with at most … decimals"),
    ("DOMAIN", "domain names"),
    ("EMAIL", "e-mail addresses"),
    ("EMAIL_ALLOWED_DOMAINS", "e-mail addresses at …"),
    ("EMAIL_BLOCKED_DOMAINS", "e-mail addresses not at …"),
    ("END_DATE", "dates up to …"),
    ("END_DATETIME", "times up to …"),
    ("FORMAT", "the format …"),
    ("MAX_LENGTH", "texts of at most … characters"),
    ("MAX_NUMBER", "numbers up to …"),
    ("MIN_LENGTH", "texts of at least … characters"),
    ("MIN_NUMBER", "numbers from …"),
    ("PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE", "phone numbers with a country code"),
    ("REGEX", "what matches …"),
    ("SPECIAL_CHARACTERS", "texts by this rule on special characters: …"),
    ("START_DATE", "dates from …"),
    ("START_DATETIME", "times from …"),
    ("URL", "web addresses"),
    ("URL_ALLOWED_DOMAINS", "web addresses at …"),
    ("URL_BLOCKED_DOMAINS", "web addresses not at …"),
    ("WHITESPACE", "texts by this rule on blanks: …"),
];

/// A rule in words; one that is not known, as the CRM writes it.
pub fn words(rule: &str, arguments: &[String]) -> String {
    let arguments = arguments.join(", ");
    match WORDS.iter().find(|(name, _)| *name == rule) {
        Some((_, words)) => words.replace('…', &arguments).trim_end().trim_end_matches(':').to_owned(),
        None => format!("what its rule {rule} {arguments} takes"),
    }
}
