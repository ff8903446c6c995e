//! What random flows and visitors say.

/// Labels of choices and options. Some are numbers, which a visitor may also mean by position; some differ from
/// each other only in ways that comparing ignores or does not.
pub(super) const LABELS: &[&str] = &[
    "See a demo",
    "Get support",
    "Just looking",
    "Yes",
    "Größe M",
    "STRASSE 7",
    "Café",
    "日本語",
    "2–50",
    "naïve",
    "1",
    "2",
    "Привет",
    "Ελλάδα",
    "No, thanks",
    "Nee, bedankt",
    "Ängström",
    "a and b",
    "x, y",
];

/// Texts of bubbles and literals.
pub(super) const WORDS: &[&str] = &[
    "hello",
    "Hi there!",
    "lead",
    "agent",
    "Straße 7",
    "Cafe\u{301}",
    "café",
    "ÉCLAIR",
    "12",
    "ada@example.com",
    "desktop",
    "ПРИВЕТ",
    "🙂 ok",
    "",
    "/pricing",
    "en",
];

/// What a visitor types, readable as one type or another, or as none.
pub(super) const ANSWERS: &[&str] = &[
    "hello",
    "agent",
    "HUMAN",
    "I need help",
    "12",
    "1,234.5",
    "1.234,5",
    "-7",
    "12 people",
    "0",
    "1",
    "2.",
    "3)",
    "007",
    "+5",
    "123456.50",
    "yes",
    "Ja",
    "nope!",
    "Nee.",
    "maybe",
    "2027-01-31",
    "2024-02-29",
    "2027-02-30",
    "1969-12-31",
    "31-01-2027",
    "2027-01-31 09:00",
    "2027-01-31T09:00:30Z",
    "2027-01-31t23:59+02:00",
    "2027-01-31 25:00",
    "2h",
    "1.5 hours",
    "30 Minuten",
    "0.5ms",
    "2 weeks",
    "ada@example.com",
    "Ada.L+x@Example.COM",
    "ada at example",
    "a@b",
    "+31 (0)20 123-4567",
    "0044 20 7946 0958",
    "020 123 4567",
    "acme.example",
    "HTTP://Acme.example/Pricing",
    "ftp://acme.example",
    "localhost",
    "CAFE\u{301}",
    "straße 7",
    "",
    "   ",
    "pricing, API",
    "api and security",
    "api en pricing",
    "1, 3",
    "lead; customer",
    "pricing\napi",
    "Bits and pieces",
    "nothing of the kind",
    "No, thanks",
];

/// Numbers as flows write them.
pub(super) const NUMBERS: &[&str] =
    &["1", "0", "-3", "50", "1_000", "2.50", "200", "12345.678", "79_000_000_000_000_000_000_000_000_000"];
/// Dates as flows write them.
pub(super) const DATES: &[&str] = &["2027-01-31", "1970-01-01", "2026-12-24", "2024-02-29"];
/// Moments as flows write them.
pub(super) const MOMENTS: &[&str] = &["2027-01-31T09:00", "2026-11-22T20:00", "1999-12-31T23:59"];
/// Lengths of time as flows write them.
pub(super) const LENGTHS: &[&str] = &["30m", "2h", "1d", "800ms", "90s"];
/// Times after which a question or an offer is given up.
pub(super) const TIMEOUTS: &[&str] = &["10m", "30s", "1m", "5m"];
/// Addresses of pages.
pub(super) const PAGES: &[&str] = &[
    "https://acme.example/pricing?plan=pro",
    "https://acme.example",
    "HTTPS://Acme.Example:443/Pricing/#top",
    "http://acme.example:8080/legal/?plan=&x=1&plan=pro",
    "https://acme.example/a/b?odd%20name=two+words",
    "https://acme.example/?plan=ENTERPRISE",
];
