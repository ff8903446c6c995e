//! How a language writes dates and times of day.

use super::Language;

/// In which order a date of numbers alone has its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `31/1/2027`.
    DayFirst,
    /// `31/1/2027` to some people of the language and `1/31/2027` to others: only what can be one of the two is read.
    Either,
    /// `2027/1/31` and `2027年1月31日`.
    YearFirst,
    /// `2027/1/31`, and `31/1/2027` too.
    YearOrDayFirst,
    /// Only `2027-01-31`, which is also what is shown.
    Iso,
}

/// How a language writes dates and times of day.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The order of numbers alone.
    pub order: Order,
    /// How a date is shown: `{d}` the day, `{m}` the month, `{y}` the year.
    pub date: &'static str,
    /// What is shown after the first day of a month: `1er janvier`.
    pub first: &'static str,
    /// What is shown between a date and a time.
    pub at: &'static str,
    /// Whether the month's name may be read before the day.
    pub month_first: bool,
    /// Words that may be read before the day: `den 31 januari`.
    pub before: &'static [&'static str],
    /// Words that may be read before or after the month's name: `31 de enero de 2027`.
    pub of: &'static [&'static str],
    /// What may be read after the day's number: `1st`.
    pub ordinals: &'static [&'static str],
    /// What may be read after the year.
    pub after: &'static [&'static str],
    /// What may be read before the time, the longest first.
    pub before_time: &'static [&'static str],
    /// The months, each with what is shown first and then what is read besides.
    pub months: &'static [&'static [&'static str]],
    /// The time of day.
    pub clock: Clock,
}

/// How a language writes the time of day.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Whether `9:00 AM` is shown, and not `09:00`.
    pub halves: bool,
    /// Whether the hour is shown with two digits.
    pub padded: bool,
    /// What is read as the first half of the day, what is shown first.
    pub am: &'static [&'static str],
    /// What is read as the second half.
    pub pm: &'static [&'static str],
    /// What may be read for the hours besides a colon or a point: `9h30`. It may end the time.
    pub hours: &'static [&'static str],
    /// What may end a time: `9:00 Uhr`.
    pub after: &'static [&'static str],
}

const AM: &[&str] = &["AM", "a.m."];
const PM: &[&str] = &["PM", "p.m."];
const PLAIN: Clock = Clock { halves: false, padded: true, am: AM, pm: PM, hours: &[], after: &[] };

const BASE: Calendar = Calendar {
    order: Order::DayFirst,
    date: "{d} {m} {y}",
    first: "",
    at: " ",
    month_first: false,
    before: &[],
    of: &[],
    ordinals: &[],
    after: &[],
    before_time: &[],
    months: &EN,
    clock: PLAIN,
};

impl Language {
    /// How the language writes dates and times of day.
    pub const fn calendar(self) -> Calendar {
        match self {
            Language::English => Calendar {
                before: &["the"],
                order: Order::Either,
                date: "{m} {d}, {y}",
                at: " at ",
                month_first: true,
                of: &["of"],
                ordinals: &["st", "nd", "rd", "th"],
                before_time: &["at"],
                clock: Clock { halves: true, padded: false, ..PLAIN },
                ..BASE
            },
            Language::Dutch => Calendar {
                at: " om ",
                ordinals: &["e"],
                before_time: &["om"],
                months: &NL,
                clock: Clock { hours: &["u", "uur"], after: &["uur", "u"], ..PLAIN },
                ..BASE
            },
            Language::German => Calendar {
                before: &["am", "der", "den", "dem"],
                date: "{d}. {m} {y}",
                at: " um ",
                ordinals: &["."],
                before_time: &["um"],
                months: &DE,
                clock: Clock { hours: &["Uhr"], after: &["Uhr"], ..PLAIN },
                ..BASE
            },
            Language::French => Calendar {
                first: "er",
                before: &["le"],
                at: " à ",
                ordinals: &["er"],
                before_time: &["à"],
                months: &FR,
                clock: Clock { hours: &["h", "heures", "heure"], ..PLAIN },
                ..BASE
            },
            Language::Spanish => Calendar {
                before: &["el"],
                date: "{d} de {m} de {y}",
                at: ", ",
                of: &["de", "del"],
                ordinals: &["º", "°"],
                before_time: &["a las", "a la"],
                months: &ES,
                clock: Clock {
                    padded: false,
                    am: &["a. m.", "AM", "a.m."],
                    pm: &["p. m.", "PM", "p.m."],
                    hours: &["h"],
                    after: &["h", "horas"],
                    ..PLAIN
                },
                ..BASE
            },
            Language::Italian => Calendar {
                before: &["il", "l'"],
                at: " alle ore ",
                ordinals: &["º", "°"],
                before_time: &["alle ore", "alle", "ore"],
                months: &IT,
                ..BASE
            },
            Language::Portuguese => Calendar {
                before: &["dia"],
                date: "{d} de {m} de {y}",
                at: " às ",
                of: &["de"],
                ordinals: &["º", "°"],
                before_time: &["às", "as", "à"],
                months: &PT,
                clock: Clock { hours: &["h"], after: &["h", "horas"], ..PLAIN },
                ..BASE
            },
            Language::Polish => Calendar {
                at: " o ",
                after: &["roku", "r.", "r"],
                before_time: &["o godzinie", "o godz.", "godz.", "o"],
                months: &PL,
                ..BASE
            },
            Language::Swedish => Calendar {
                before: &["den"],
                order: Order::YearOrDayFirst,
                at: " kl. ",
                ordinals: &[":e", ":a"],
                before_time: &["klockan", "kl.", "kl"],
                months: &SV,
                clock: Clock { am: &["fm", "AM"], pm: &["em", "PM"], ..PLAIN },
                ..BASE
            },
            Language::Japanese => Calendar {
                order: Order::YearFirst,
                date: "{y}年{m}{d}日",
                months: &HAN,
                clock: Clock {
                    padded: false,
                    am: &["午前", "AM"],
                    pm: &["午後", "PM"],
                    hours: &["時"],
                    ..PLAIN
                },
                ..BASE
            },
            Language::Chinese => Calendar {
                order: Order::YearFirst,
                date: "{y}年{m}{d}日",
                months: &HAN,
                clock: Clock {
                    am: &["上午", "AM"],
                    pm: &["下午", "PM"],
                    hours: &["点", "點", "时", "時"],
                    ..PLAIN
                },
                ..BASE
            },
            Language::Arabic => Calendar {
                at: " في ",
                before_time: &["في الساعة", "الساعة", "في"],
                months: &AR,
                clock: Clock {
                    halves: true,
                    padded: false,
                    am: &["ص", "صباحًا", "صباحا"],
                    pm: &["م", "مساءً", "مساء"],
                    ..PLAIN
                },
                ..BASE
            },
            Language::Other => Calendar { order: Order::Iso, months: &[], ..BASE },
        }
    }
}

const EN: [&[&str]; 12] = [
    &["January", "Jan"],
    &["February", "Feb"],
    &["March", "Mar"],
    &["April", "Apr"],
    &["May"],
    &["June", "Jun"],
    &["July", "Jul"],
    &["August", "Aug"],
    &["September", "Sep", "Sept"],
    &["October", "Oct"],
    &["November", "Nov"],
    &["December", "Dec"],
];
const NL: [&[&str]; 12] = [
    &["januari", "jan"],
    &["februari", "feb"],
    &["maart", "mrt"],
    &["april", "apr"],
    &["mei"],
    &["juni", "jun"],
    &["juli", "jul"],
    &["augustus", "aug"],
    &["september", "sep", "sept"],
    &["oktober", "okt"],
    &["november", "nov"],
    &["december", "dec"],
];
const DE: [&[&str]; 12] = [
    &["Januar", "Jan", "Jänner"],
    &["Februar", "Feb", "Feber"],
    &["März", "Mär", "Mrz", "Maerz"],
    &["April", "Apr"],
    &["Mai"],
    &["Juni", "Jun"],
    &["Juli", "Jul"],
    &["August", "Aug"],
    &["September", "Sep", "Sept"],
    &["Oktober", "Okt"],
    &["November", "Nov"],
    &["Dezember", "Dez"],
];
const FR: [&[&str]; 12] = [
    &["janvier", "janv", "jan"],
    &["février", "févr", "fév", "fevrier", "fevr", "fev"],
    &["mars"],
    &["avril", "avr"],
    &["mai"],
    &["juin"],
    &["juillet", "juil"],
    &["août", "aout"],
    &["septembre", "sept"],
    &["octobre", "oct"],
    &["novembre", "nov"],
    &["décembre", "déc", "decembre", "dec"],
];
const ES: [&[&str]; 12] = [
    &["enero", "ene"],
    &["febrero", "feb"],
    &["marzo", "mar"],
    &["abril", "abr"],
    &["mayo", "may"],
    &["junio", "jun"],
    &["julio", "jul"],
    &["agosto", "ago"],
    &["septiembre", "sept", "sep", "setiembre", "set"],
    &["octubre", "oct"],
    &["noviembre", "nov"],
    &["diciembre", "dic"],
];
const IT: [&[&str]; 12] = [
    &["gennaio", "gen"],
    &["febbraio", "feb"],
    &["marzo", "mar"],
    &["aprile", "apr"],
    &["maggio", "mag"],
    &["giugno", "giu"],
    &["luglio", "lug"],
    &["agosto", "ago"],
    &["settembre", "set", "sett"],
    &["ottobre", "ott"],
    &["novembre", "nov"],
    &["dicembre", "dic"],
];
const PT: [&[&str]; 12] = [
    &["janeiro", "jan"],
    &["fevereiro", "fev"],
    &["março", "mar", "marco"],
    &["abril", "abr"],
    &["maio", "mai"],
    &["junho", "jun"],
    &["julho", "jul"],
    &["agosto", "ago"],
    &["setembro", "set"],
    &["outubro", "out"],
    &["novembro", "nov"],
    &["dezembro", "dez"],
];
const PL: [&[&str]; 12] = [
    &["stycznia", "styczeń", "sty"],
    &["lutego", "luty", "lut"],
    &["marca", "marzec", "mar"],
    &["kwietnia", "kwiecień", "kwi"],
    &["maja", "maj"],
    &["czerwca", "czerwiec", "cze"],
    &["lipca", "lipiec", "lip"],
    &["sierpnia", "sierpień", "sie"],
    &["września", "wrzesień", "wrz"],
    &["października", "październik", "paź"],
    &["listopada", "listopad", "lis"],
    &["grudnia", "grudzień", "gru"],
];
const SV: [&[&str]; 12] = [
    &["januari", "jan"],
    &["februari", "feb"],
    &["mars", "mar"],
    &["april", "apr"],
    &["maj"],
    &["juni", "jun"],
    &["juli", "jul"],
    &["augusti", "aug"],
    &["september", "sep", "sept"],
    &["oktober", "okt"],
    &["november", "nov"],
    &["december", "dec"],
];
const HAN: [&[&str]; 12] = [
    &["1月"],
    &["2月"],
    &["3月"],
    &["4月"],
    &["5月"],
    &["6月"],
    &["7月"],
    &["8月"],
    &["9月"],
    &["10月"],
    &["11月"],
    &["12月"],
];
/// The names of Egypt and the Gulf, then those of the Levant and the Maghreb.
const AR: [&[&str]; 12] = [
    &["يناير", "كانون الثاني", "جانفي"],
    &["فبراير", "شباط", "فيفري"],
    &["مارس", "آذار", "اذار"],
    &["أبريل", "ابريل", "إبريل", "نيسان", "أفريل", "افريل"],
    &["مايو", "أيار", "ايار", "ماي"],
    &["يونيو", "يونيه", "حزيران", "جوان"],
    &["يوليو", "يوليه", "تموز", "جويلية", "يوليوز"],
    &["أغسطس", "اغسطس", "آب", "أوت", "غشت"],
    &["سبتمبر", "أيلول", "ايلول", "شتنبر"],
    &["أكتوبر", "اكتوبر", "تشرين الأول", "تشرين الاول"],
    &["نوفمبر", "تشرين الثاني", "نونبر"],
    &["ديسمبر", "كانون الأول", "كانون الاول", "دجنبر"],
];
#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    #[test]
    fn no_name_belongs_to_two_months() {
        for language in Language::ALL {
            let months = language.calendar().months;
            let names =
                || months.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (at, name)));
            for (month, name) in names() {
                assert!(
                    names().all(|(other, same)| other == month || !text::same(name, same)),
                    "{language:?} {name}"
                );
            }
        }
    }
}
