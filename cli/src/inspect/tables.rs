//! The tables of a program: settings, properties, facts, places.

use std::io::{self, Write};

use chatflow_runtime::Program;
use chatflow_runtime::channel::Channel;
use chatflow_runtime::image::{Hours, Image, InboxDef, Scope, SiteDef, Wait};
use chatflow_runtime::setting::SettingValue;

use crate::inspect::names;
use crate::render::{counted, mask_line};
use crate::run::plain_setting;
use crate::style::{BOLD, DIM};
use chatflow_compiler::written_duration;

/// Writes the tables that have entries.
///
/// # Errors
/// If they cannot be written.
pub fn write(to: &mut dyn Write, program: &Program) -> io::Result<()> {
    let image = program.image();
    writeln!(to, "\n{BOLD}{}{BOLD:#}", counted(image.strings.ends.len(), "string"))?;
    section(
        to,
        "settings",
        image.settings.iter().map(|(setting, value)| {
            let spec = setting.spec();
            format!("{}.{} {}", spec.block.word(), spec.word, setting_value(program, *value))
        }),
    )?;
    section(
        to,
        "properties and locals",
        image.slots.iter().map(|slot| {
            let scope = match slot.scope {
                Scope::Local => "local ",
                Scope::Contact | Scope::Company => "",
            };
            format!("{scope}{}: {}", mask_line(image.strings.get(slot.name)), names::ty(image, slot.ty))
        }),
    )?;
    section(to, "facts", image.facts.iter().map(|fact| names::fact_kind(image, *fact)))?;
    section(to, "places", image.sites.iter().map(|site| site_line(image, site)))
}

fn section(to: &mut dyn Write, title: &str, lines: impl ExactSizeIterator<Item = String>) -> io::Result<()> {
    if lines.len() == 0 {
        return Ok(());
    }
    writeln!(to, "\n{BOLD}{title}{BOLD:#}")?;
    for entry in lines {
        let mut rows = entry.lines();
        writeln!(to, "  {}", rows.next().unwrap_or_default())?;
        rows.try_for_each(|row| writeln!(to, "    {DIM}{row}{DIM:#}"))?;
    }
    Ok(())
}

fn setting_value(program: &Program, value: SettingValue) -> String {
    let string = |at| program.image().strings.get(at);
    match value {
        SettingValue::Text(text) => names::quoted(string(text)),
        SettingValue::Word(word) => mask_line(string(word)).into_owned(),
        SettingValue::WordAndText(word, text) => {
            format!("{} {}", mask_line(string(word)), names::quoted(string(text)))
        }
        SettingValue::Duration(milliseconds) => written_duration(milliseconds),
        SettingValue::TriggerAfter(milliseconds) => format!("after {}", written_duration(milliseconds)),
        SettingValue::TriggerOnExit => "on_exit".to_owned(),
        SettingValue::TriggerScrolled(percent) => format!("scrolled {percent}%"),
        SettingValue::Colour(_) => plain_setting(program, value).as_str().unwrap_or_default().to_owned(),
    }
}

/// A place with its id, and below it the ways that lead out of it.
fn site_line(image: &Image, site: &SiteDef) -> String {
    let step = names::step(image, site.step);
    let mut lines = vec![format!("{:016x} {} in {step}", site.id.0, names::place(image, site))];
    match &site.wait {
        Wait::Ask(ask) => {
            for reply in &ask.replies {
                let label = names::quoted(image.strings.get(reply.label));
                let value = reply
                    .value
                    .map(|value| format!(" = {}", names::constant(image, value)))
                    .unwrap_or_default();
                lines.push(format!("{:08x} {label}{value} {}", reply.id.0, names::arm(image, reply.arm)));
            }
            lines.extend(ask.otherwise.map(|arm| format!("otherwise {}", names::arm(image, arm))));
            lines.extend(
                ask.attempts.map(|(count, arm)| format!("attempts {count} {}", names::arm(image, arm))),
            );
        }
        Wait::Act(act) => {
            lines.extend(act.given.iter().map(|given| names::given(image, given)));
            lines.extend(act.results.iter().map(|result| {
                let path = mask_line(image.strings.get(result.path));
                format!("stores {path} as {}", names::slot(image, result.slot))
            }));
            if let Some(talk) = &act.talk {
                lines.extend(talk.nexts.iter().map(|(name, arm)| {
                    format!("next {} {}", names::quoted(image.strings.get(*name)), names::arm(image, *arm))
                }));
                lines.extend(talk.asks.map(|again| format!("asks, and is called again at {:04}", again.0)));
            }
            lines.extend(
                act.outcomes
                    .iter()
                    .map(|(outcome, arm)| format!("{} {}", outcome.word(), names::arm(image, *arm))),
            );
            lines.extend(act.deadline.map(|time| format!("deadline {}", written_duration(time))));
        }
        Wait::Pause(_) | Wait::Do(_) => {}
    }
    lines.extend(
        site.timeout
            .map(|(time, arm)| format!("timeout {} {}", written_duration(time), names::arm(image, arm))),
    );
    if !site.keeps.is_empty() {
        let keeps: Vec<String> = site.keeps.iter().map(|slot| names::slot(image, *slot)).collect();
        lines.push(format!("keeps {}", keeps.join(", ")));
    }
    lines.join("\n")
}

/// The names of the channels that the flow runs on.
pub fn channels(image: &Image) -> Vec<&'static str> {
    Channel::of_bits(image.flow.channels).map(|channel| channel.spec().name).collect()
}

/// ` monday tuesday 09:00..17:30 in Europe/Amsterdam`, for each stretch of opening hours.
pub fn hours(image: &Image, inbox: &InboxDef) -> String {
    const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let stretch = |hours: &Hours| {
        let days: Vec<&str> = DAYS
            .iter()
            .enumerate()
            .filter(|(bit, _)| hours.days >> bit & 1 == 1)
            .map(|(_, day)| *day)
            .collect();
        let zone = mask_line(image.strings.get(hours.zone)).into_owned();
        format!(", open {} {}..{} in {zone}", days.join(" "), clock(hours.from), clock(hours.to))
    };
    inbox.hours.iter().map(stretch).collect()
}
