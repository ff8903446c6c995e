//! Projects to measure with: flows such as people write, each name, text and number another one, and always the same.

use std::fmt::Write;

/// A file: its path and its text.
pub type File = (String, String);

/// The workspace that the generated flows use.
const WORKSPACE: &str = include_str!("../../examples/qualify_leads/acme.flow");

/// How many lines a generated flow has, about: a large one.
const LINES_PER_FLOW: usize = 1_000;

const NOUNS: [&str; 16] = [
    "pricing",
    "demo",
    "invoice",
    "delivery",
    "contract",
    "trial",
    "upgrade",
    "refund",
    "training",
    "migration",
    "partner",
    "support",
    "security",
    "account",
    "renewal",
    "feedback",
];
const VERBS: [&str; 8] = ["compare", "order", "change", "cancel", "discuss", "plan", "review", "finish"];
const ADJECTIVES: [&str; 12] = [
    "quick", "new", "yearly", "monthly", "regional", "private", "shared", "large", "small", "first", "last",
    "urgent",
];

/// A project of about this many lines.
pub fn project(lines: usize) -> Vec<File> {
    let mut files = vec![("acme.flow".to_owned(), WORKSPACE.to_owned())];
    let mut written = WORKSPACE.lines().count();
    while written < lines {
        let number = files.len();
        let text = flow(number, LINES_PER_FLOW.min(lines - written));
        written += text.lines().count();
        files.push((format!("flow_{number}.flow"), text));
    }
    files
}

/// A flow of about this many lines.
pub fn flow(number: usize, lines: usize) -> String {
    let mut writer =
        Writer { text: String::with_capacity(lines * 32), dice: Dice(number as u64 + 1), number };
    writer.head();
    let steps = (lines.saturating_sub(60) / 19).max(1);
    for step in 0..steps {
        writer.step(step, steps);
    }
    writer.close();
    writer.text
}

/// Bytes of all files together.
pub fn bytes(files: &[File]) -> usize {
    files.iter().map(|(_, text)| text.len()).sum()
}

/// A small generator of numbers that are always the same.
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % bound.max(1)
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words.get(self.below(words.len())).copied().unwrap_or("")
    }
}

struct Writer {
    text: String,
    dice: Dice,
    number: usize,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn phrase(&mut self) -> String {
        let (verb, adjective) = (self.dice.of(&VERBS), self.dice.of(&ADJECTIVES));
        let (one, other) = (self.dice.of(&NOUNS), self.dice.of(&NOUNS));
        format!("{verb} the {adjective} {one} and the {other} ({})", self.dice.below(10_000))
    }

    fn head(&mut self) {
        let number = self.number;
        let (noun, phrase) = (self.dice.of(&NOUNS), self.phrase());
        self.line(&format!("/// Helps visitors who want to {phrase}."));
        self.line(&format!("flow {noun}_{number} \"{phrase}\"\n"));
        self.line("use acme\n\nchannel   website                          // the pages of the shop");
        self.line(&format!("inbox     sales\nlanguages en, nl\npriority  {number}\n"));
        self.line("target {");
        self.line(&format!("  show when page.url contains \"/{noun}/{number}\""));
        self.line(&format!("  show when page.query.plan is any of [\"{noun}\", \"enterprise-{number}\"]"));
        self.line("  show when contact is known and contact.stage is lead");
        self.line(&format!("  hide when page.path starts with \"/legal/{number}\""));
        self.line("  hide when visitor.device is mobile\n}\n");
        self.line("display {");
        self.line(&format!("  heading   \"Acme {noun} {number}\""));
        self.line("  avatar    \"https://acme.example/bot.png\"\n  accent    #ff7a59\n  placement right");
        self.line(
            "  desktop   open                           // prompt | launcher | open\n  mobile    launcher",
        );
        self.line("  trigger   on_exit\n  trigger   after 8s\n  trigger   scrolled 50%\n}\n");
        self.line("options {\n  typing_delay    800ms\n  session_timeout 30m\n  availability    always");
        self.line(&format!("  error           \"Something went wrong while we tried to {phrase}.\""));
        self.line("  marketing       on\n  survey          post_chat\n}\n");
        self.line("consent {\n  cookies    before_chat");
        self.line(&format!("  processing explicit \"We use your answers to {phrase}.\"\n}}\n"));
        self.line(
            "welcome \"Hi {contact.firstname or \"there\"}! Looking for something?\"\n\noutdated -> s0\n",
        );
        self.line(&format!(
            "anytime {{\n  reply is any of [\"agent\", \"human {number}\", \"person\"] -> talk\n}}\n"
        ));
    }

    /// A step: one of five shapes, which goes on to the next and now and then elsewhere.
    fn step(&mut self, step: usize, steps: usize) {
        let next = if step + 1 == steps { "talk".to_owned() } else { format!("s{}", step + 1) };
        let ahead = (step + 2 + self.dice.below(9)).min(steps);
        let far = if ahead >= steps { "thanks".to_owned() } else { format!("s{ahead}") };
        let phrase = self.phrase();
        self.line(&format!("// Here the visitor wants to {phrase}."));
        self.line(&format!("step s{step} {{"));
        match step % 5 {
            0 => self.menu(step, &next, &far),
            1 => self.facts(step, &next, &far),
            2 => self.branches(step, &next, &far),
            3 => self.numbers(step, &next, &far),
            _ => self.actions(step, &next, &far),
        }
        self.line("}\n");
    }

    fn menu(&mut self, step: usize, next: &str, far: &str) {
        let (one, two, three, four) = (self.phrase(), self.phrase(), self.phrase(), self.phrase());
        self.line(&format!("  say \"Now let us {one}.\""));
        self.line(&format!("  ask \"What do you want to {two}?\" {{"));
        self.line(&format!("    \"Yes, {three}\"   -> {next}\n    \"No, {four}\"     -> {far}"));
        self.line(&format!("    \"Just looking {step}\" -> {{"));
        self.line(&format!("      say \"Take your time to {one}, {{contact.firstname or \"friend\"}}.\""));
        self.line(&format!(
            "      ask choice_{step}: one of [a{step} \"A {three}\", b{step} \"B {four}\"] \"Which one?\""
        ));
        self.line(&format!("      if choice_{step} is a{step} then -> {next}"));
        self.line("      end\n    }\n  }");
    }

    fn facts(&mut self, step: usize, next: &str, far: &str) {
        let (one, two, three) = (self.phrase(), self.phrase(), self.phrase());
        self.line(&format!("  ask contact.email \"Which address may we use to {one}?\" {{"));
        self.line("    skip when contact.email is known");
        self.line(&format!("    invalid \"That does not help us to {two}.\""));
        self.line(&format!("    attempts 3 -> {far}\n    timeout {}m -> {far}\n  }}", 1 + step % 20));
        self.line(&format!("  ask answer_{step}: text \"How would you {three}?\""));
        self.line(&format!("  say [\"Thank you for \\\"{{answer_{step}}}\\\".\", \"We shall {two}.\"]"));
        self.line(&format!(
            "  if answer_{step} contains \"price\" or answer_{step} starts with \"{one}\" then {{"
        ));
        self.line(&format!("    say \"About {{answer_{step}}}: {three}.\"\n  }}"));
        self.line(&format!("  -> {next}"));
    }

    fn branches(&mut self, step: usize, next: &str, far: &str) {
        let (one, two, three) = (self.phrase(), self.phrase(), self.phrase());
        self.line("  ask company.employees \"How big is your team?\" {");
        self.line(&format!("    \"Just me, {step}\" = 1\n    \"2–{}\"    = {}", 50 + step, 50 + step));
        self.line(&format!("    \"Over {}\" = {}\n  }}", 500 + step, 500 + step));
        self.line(&format!(
            "  if company.employees >= {} and team sales is available then -> {far}",
            100 + step
        ));
        self.line(&format!(
            "  else if contact.stage is customer and not page.title contains \"{one}\" then -> {next}"
        ));
        self.line(&format!("  else if company.employees is between {step} and {} then {{", step + 9));
        self.line(&format!("    say \"We have just the thing to {two}.\"\n  }}"));
        self.line("  else {\n    set contact.stage = lead");
        self.line(&format!("    say \"That is {{company.employees}} people who {three}.\"\n  }}"));
        self.line(&format!("  -> {next}"));
    }

    fn numbers(&mut self, step: usize, next: &str, far: &str) {
        let (one, two) = (self.phrase(), self.phrase());
        self.line(&format!("  ask budget_{step}: number \"What may it cost to {one}?\" {{"));
        self.line(&format!("    invalid \"A number, please, to {two}.\"\n  }}"));
        self.line(&format!("  ask renewal_{step}: date \"When should we {two}?\""));
        self.line(&format!("  if budget_{step} < {}.50 or (budget_{step} > {} and", step + 10, step + 5_000));
        self.line(&format!("      renewal_{step} is after 2027-0{}-15) then {{", 1 + step % 9));
        self.line(&format!(
            "    say \"{{budget_{step}}} on {{renewal_{step}}}: we can {one}.\"\n    -> {far}\n  }}"
        ));
        self.line(&format!("  set contact.budget = budget_{step}\n  set contact.renewal = renewal_{step}"));
        self.line(&format!("  say \"\"\"\n    Noted:\n      {{budget_{step}}} to {one}\n    \"\"\""));
        self.line(&format!("  -> {next}"));
    }

    fn actions(&mut self, step: usize, next: &str, far: &str) {
        let (one, two, three) = (self.phrase(), self.phrase(), self.phrase());
        self.line(&format!("  ask issue_{step}: text \"What stops you when you {one}?\""));
        self.line("  create ticket support {");
        self.line(&format!("    subject \"{two} with {{contact.email or \"a visitor\"}}\""));
        self.line(&format!("    body    issue_{step}\n    created -> {{"));
        self.line(&format!("      say \"We shall {three}.\""));
        self.line(&format!("      ask \"Shall we {two}?\" {{\n        \"Yes {step}\" -> {next}\n        \"No {step}\" -> {far}\n      }}"));
        self.line("    }\n  }");
    }

    /// The last steps and a test.
    fn close(&mut self) {
        let phrase = self.phrase();
        self.line(&format!(
            "step talk {{\n  hand off to team sales {{\n    note \"Came from {{page.path or \"{phrase}\"}}\""
        ));
        self.line("    unavailable -> thanks\n  }\n}\n");
        self.line(&format!("step thanks {{\n  say \"Thank you! We shall {phrase}.\"\n}}\n"));
        let number = self.number;
        let _ = writeln!(
            self.text,
            "test \"it greets {number}\" {{\n  given team sales is available\n  given contact.stage is lead"
        );
        self.line(&format!("  visit \"https://acme.example/pricing/{number}?plan=pro\"\n  agree"));
        self.line("  bot    \"Hi there! Looking for something?\"\n  expect contact.stage is lead\n}");
    }
}
