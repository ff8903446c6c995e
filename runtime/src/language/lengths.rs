//! How a language names lengths of time.

use super::Language;
use crate::plural::Category::{self, Few, Many, One, Other, Two};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
    /// 1000 milliseconds.
    Second,
    /// The smallest.
    Millisecond,
}

impl Unit {
    /// Every unit, the largest first.
    pub const ALL: &'static [Unit] = &[Unit::Day, Unit::Hour, Unit::Minute, Unit::Second, Unit::Millisecond];

    /// Its milliseconds.
    pub const fn milliseconds(self) -> i64 {
        match self {
            Unit::Day => 86_400_000,
            Unit::Hour => 3_600_000,
            Unit::Minute => 60_000,
            Unit::Second => 1000,
            Unit::Millisecond => 1,
        }
    }

    /// Its symbols, which are read in every language.
    pub const fn symbols(self) -> &'static [&'static str] {
        match self {
            Unit::Day => &["d"],
            Unit::Hour => &["h"],
            Unit::Minute => &["m", "min"],
            Unit::Second => &["s", "sec"],
            Unit::Millisecond => &["ms"],
        }
    }
}

/// How a language shows and reads a unit.
#[derive(Clone, Copy, Debug)]
pub struct UnitWords {
    /// What is shown in each plural category, `#` being the number; what is not listed is as the last. A form
    /// without `#` says the number by itself.
    pub shown: &'static [(Category, &'static str)],
    /// What is read after a number besides the words of `shown` and the symbols.
    pub read: &'static [&'static str],
}

const fn unit(shown: &'static [(Category, &'static str)], read: &'static [&'static str]) -> UnitWords {
    UnitWords { shown, read }
}

impl Language {
    /// What stands between the units of one length of time.
    pub const fn between_units(self) -> &'static str {
        match self {
            Language::Japanese | Language::Chinese => "",
            Language::Arabic => " و",
            Language::English
            | Language::Dutch
            | Language::German
            | Language::French
            | Language::Spanish
            | Language::Italian
            | Language::Portuguese
            | Language::Polish
            | Language::Swedish
            | Language::Other => " ",
        }
    }

    /// How the language shows and reads a unit of time.
    pub const fn unit(self, of: Unit) -> UnitWords {
        let [day, hour, minute, second, millisecond] = self.units();
        match of {
            Unit::Day => day,
            Unit::Hour => hour,
            Unit::Minute => minute,
            Unit::Second => second,
            Unit::Millisecond => millisecond,
        }
    }

    const fn units(self) -> [UnitWords; 5] {
        match self {
            Language::English | Language::Other => [
                unit(&[(One, "# day"), (Other, "# days")], &[]),
                unit(&[(One, "# hour"), (Other, "# hours")], &["hr", "hrs"]),
                unit(&[(One, "# minute"), (Other, "# minutes")], &["mins"]),
                unit(&[(One, "# second"), (Other, "# seconds")], &["secs"]),
                unit(&[(One, "# millisecond"), (Other, "# milliseconds")], &[]),
            ],
            Language::Dutch => [
                unit(&[(One, "# dag"), (Other, "# dagen")], &[]),
                unit(&[(Other, "# uur")], &["u", "uren"]),
                unit(&[(One, "# minuut"), (Other, "# minuten")], &[]),
                unit(&[(One, "# seconde"), (Other, "# seconden")], &[]),
                unit(&[(One, "# milliseconde"), (Other, "# milliseconden")], &[]),
            ],
            Language::German => [
                unit(&[(One, "# Tag"), (Other, "# Tage")], &["Tagen"]),
                unit(&[(One, "# Stunde"), (Other, "# Stunden")], &["Std", "Std."]),
                unit(&[(One, "# Minute"), (Other, "# Minuten")], &["Min."]),
                unit(&[(One, "# Sekunde"), (Other, "# Sekunden")], &["Sek", "Sek."]),
                unit(&[(One, "# Millisekunde"), (Other, "# Millisekunden")], &[]),
            ],
            Language::French => [
                unit(&[(One, "# jour"), (Many, "# de jours"), (Other, "# jours")], &["j"]),
                unit(&[(One, "# heure"), (Many, "# d’heures"), (Other, "# heures")], &[]),
                unit(&[(One, "# minute"), (Many, "# de minutes"), (Other, "# minutes")], &["mn"]),
                unit(&[(One, "# seconde"), (Many, "# de secondes"), (Other, "# secondes")], &[]),
                unit(
                    &[(One, "# milliseconde"), (Many, "# de millisecondes"), (Other, "# millisecondes")],
                    &[],
                ),
            ],
            Language::Spanish => [
                unit(&[(One, "# día"), (Many, "# de días"), (Other, "# días")], &["dia", "dias"]),
                unit(&[(One, "# hora"), (Many, "# de horas"), (Other, "# horas")], &[]),
                unit(&[(One, "# minuto"), (Many, "# de minutos"), (Other, "# minutos")], &[]),
                unit(&[(One, "# segundo"), (Many, "# de segundos"), (Other, "# segundos")], &["seg"]),
                unit(&[(One, "# milisegundo"), (Many, "# de milisegundos"), (Other, "# milisegundos")], &[]),
            ],
            Language::Italian => [
                unit(&[(One, "# giorno"), (Many, "# di giorni"), (Other, "# giorni")], &["g", "gg"]),
                unit(&[(One, "# ora"), (Many, "# di ore"), (Other, "# ore")], &[]),
                unit(&[(One, "# minuto"), (Many, "# di minuti"), (Other, "# minuti")], &[]),
                unit(&[(One, "# secondo"), (Many, "# di secondi"), (Other, "# secondi")], &[]),
                unit(&[(One, "# millisecondo"), (Many, "# di millisecondi"), (Other, "# millisecondi")], &[]),
            ],
            Language::Portuguese => [
                unit(&[(One, "# dia"), (Many, "# de dias"), (Other, "# dias")], &[]),
                unit(&[(One, "# hora"), (Many, "# de horas"), (Other, "# horas")], &[]),
                unit(&[(One, "# minuto"), (Many, "# de minutos"), (Other, "# minutos")], &[]),
                unit(&[(One, "# segundo"), (Many, "# de segundos"), (Other, "# segundos")], &["seg"]),
                unit(
                    &[(One, "# milissegundo"), (Many, "# de milissegundos"), (Other, "# milissegundos")],
                    &[],
                ),
            ],
            Language::Polish => [
                unit(&[(One, "# dzień"), (Other, "# dni")], &["dnia"]),
                unit(
                    &[(One, "# godzina"), (Few, "# godziny"), (Other, "# godzin")],
                    &["godzinę", "godz", "godz."],
                ),
                unit(&[(One, "# minuta"), (Few, "# minuty"), (Other, "# minut")], &["minutę"]),
                unit(
                    &[(One, "# sekunda"), (Few, "# sekundy"), (Other, "# sekund")],
                    &["sekundę", "sek", "sek."],
                ),
                unit(
                    &[(One, "# milisekunda"), (Few, "# milisekundy"), (Other, "# milisekund")],
                    &["milisekundę"],
                ),
            ],
            Language::Swedish => [
                unit(&[(One, "# dag"), (Other, "# dagar")], &["dygn"]),
                unit(&[(One, "# timme"), (Other, "# timmar")], &["tim", "tim."]),
                unit(&[(One, "# minut"), (Other, "# minuter")], &[]),
                unit(&[(One, "# sekund"), (Other, "# sekunder")], &["sek", "sek."]),
                unit(&[(One, "# millisekund"), (Other, "# millisekunder")], &[]),
            ],
            Language::Japanese => [
                unit(&[(Other, "#日")], &["日間"]),
                unit(&[(Other, "#時間")], &[]),
                unit(&[(Other, "#分")], &["分間"]),
                unit(&[(Other, "#秒")], &["秒間"]),
                unit(&[(Other, "#ミリ秒")], &[]),
            ],
            Language::Chinese => [
                unit(&[(Other, "#天")], &["日"]),
                unit(&[(Other, "#小时")], &["小時", "个小时", "個小時", "钟头", "鐘頭"]),
                unit(&[(Other, "#分钟")], &["分鐘", "分"]),
                unit(&[(Other, "#秒")], &["秒钟", "秒鐘"]),
                unit(&[(Other, "#毫秒")], &[]),
            ],
            Language::Arabic => [
                unit(
                    &[(One, "يوم"), (Two, "يومان"), (Few, "# أيام"), (Many, "# يومًا"), (Other, "# يوم")],
                    &["يوما", "ايام"],
                ),
                unit(&[(One, "ساعة"), (Two, "ساعتان"), (Few, "# ساعات"), (Other, "# ساعة")], &[]),
                unit(&[(One, "دقيقة"), (Two, "دقيقتان"), (Few, "# دقائق"), (Other, "# دقيقة")], &[]),
                unit(
                    &[(One, "ثانية"), (Two, "ثانيتان"), (Few, "# ثوانٍ"), (Other, "# ثانية")],
                    &["ثوان", "ثواني"],
                ),
                unit(&[(Other, "# ملي ثانية")], &["مللي ثانية"]),
            ],
        }
    }
}
