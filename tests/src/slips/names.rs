//! Slips of names: misspelt ones, which no other name of the project happens to be, and ones that are taken.

use chatflow_compiler::token::Kind;
use chatflow_compiler::tree::{Operator, StatementKind};

use super::subject::BlockLine;
use super::{Bytes, Slip, Subject};

impl Subject {
    /// A misspelling of a word that is no word of the project and of the language.
    pub(super) fn misspelt(&self, bytes: &Bytes) -> Option<String> {
        misspellings(self.of(bytes), bytes.start).into_iter().find(|wrong| {
            !self.has_word(wrong)
                && !self.has_word(&wrong.to_lowercase())
                && Kind::of_word(wrong) == Kind::Word
        })
    }
}

/// What hurried fingers make of a word: two letters swapped, one left out, one doubled. Which comes first depends on
/// `turn`, so that neighbours differ.
fn misspellings(word: &str, turn: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let middle = letters.len() / 2;
    let mut swapped = letters.clone();
    if middle > 0 {
        swapped.swap(middle, middle - 1);
    }
    let mut shorter = letters.clone();
    if letters.len() > 3 {
        shorter.remove(middle);
    }
    let mut longer = letters.clone();
    longer.extend(letters.last());
    let mut all: Vec<String> =
        [swapped, shorter, longer].into_iter().map(|letters| letters.into_iter().collect()).collect();
    all.rotate_left(turn % 3);
    all.retain(|wrong| wrong != word);
    all
}

/// These names, each misspelt.
fn misspelt(subject: &Subject, names: impl IntoIterator<Item = Bytes>) -> Vec<Slip> {
    let wrong = names.into_iter().filter_map(|name| Some((subject.misspelt(&name)?, name)));
    wrong.map(|(wrong, name)| Slip::instead(name, wrong)).collect()
}

/// An arrow, or a `do`, to a step that is not there.
pub fn targets(subject: &Subject) -> Vec<Slip> {
    misspelt(subject, subject.targets.clone())
}

/// A step that has another name than the one arrow to it says.
pub fn steps(subject: &Subject) -> Vec<Slip> {
    let once = |name: &str| {
        let mut to = subject.targets.iter().filter(|target| subject.of(target) == name);
        to.next().filter(|_| to.next().is_none() && subject.count(name) == 2).cloned()
    };
    let steps = subject.steps.iter().filter_map(|step| {
        let target = once(subject.of(&step.name))?;
        Some(Slip::instead(step.name.clone(), subject.misspelt(&step.name)?).looked_for_at(target.start))
    });
    steps.collect()
}

/// A second step of the same name.
pub fn second_steps(subject: &Subject) -> Vec<Slip> {
    let again = |name: &str| format!("\nstep {name} {{\n  say \"Again.\"\n}}\n");
    let end = subject.text().len();
    let steps = subject.steps.iter().map(|step| subject.of(&step.name));
    steps.map(|name| Slip::put_in(end, again(name)).looked_for_in_line(1)).collect()
}

/// The name of a property.
pub fn properties(subject: &Subject) -> Vec<Slip> {
    misspelt(subject, property_names(subject))
}

fn property_names(subject: &Subject) -> Vec<Bytes> {
    let known = |path: &&Bytes| subject.properties.contains_key(subject.of(path));
    let names = subject.paths.iter().filter(known);
    names.map(|path| path.start + subject.of(path).find('.').map_or(0, |dot| dot + 1)..path.end).collect()
}

/// `email` for `contact.email`.
pub fn owners(subject: &Subject) -> Vec<Slip> {
    let free = |name: &Bytes| {
        let word = subject.of(name);
        !subject.locals.contains(word) && !subject.options.contains(word) && Kind::of_word(word) == Kind::Word
    };
    let names = property_names(subject).into_iter().filter(free);
    names.map(|name| Slip::without(owner_of(subject, &name)..name.start)).collect()
}

/// Where the path of a property begins.
fn owner_of(subject: &Subject, name: &Bytes) -> usize {
    subject.paths.iter().find(|path| path.end == name.end).map_or(name.start, |path| path.start)
}

/// `contact.Email`.
pub fn cases(subject: &Subject) -> Vec<Slip> {
    let names = property_names(subject).into_iter();
    names.map(|name| Slip::instead(name.clone(), capital(subject.of(&name)))).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// The name of a fact: `page.pth`.
pub fn facts(subject: &Subject) -> Vec<Slip> {
    let is_fact = |path: &&Bytes| {
        let text = subject.of(path);
        (text.starts_with("page.") || text.starts_with("visitor.")) && !text.contains("query")
    };
    let facts = subject.paths.iter().filter(is_fact);
    misspelt(
        subject,
        facts.map(|path| path.start + subject.of(path).find('.').map_or(0, |dot| dot + 1)..path.end),
    )
}

/// A name of the flow's own, where it is used.
pub fn locals(subject: &Subject) -> Vec<Slip> {
    let declared = |path: &Bytes| {
        subject.statements.iter().any(|statement| {
            statement.target.as_ref() == Some(path)
                && !matches!(statement.kind, StatementKind::Set { .. } | StatementKind::Clear { .. })
        })
    };
    let used =
        subject.paths.iter().filter(|path| subject.locals.contains(subject.of(path)) && !declared(path));
    misspelt(subject, used.cloned())
}

/// The name of an option.
pub fn options(subject: &Subject) -> Vec<Slip> {
    misspelt(subject, option_names(subject))
}

/// An option in quotes.
pub fn quoted_options(subject: &Subject) -> Vec<Slip> {
    option_names(subject)
        .into_iter()
        .map(|name| Slip::instead(name.clone(), format!("\"{}\"", subject.of(&name))))
        .collect()
}

/// The options that properties are compared with and set to.
fn option_names(subject: &Subject) -> Vec<Bytes> {
    let is_option = |bytes: &&Bytes| subject.options.contains(subject.of(bytes));
    let of_options = |left: &Bytes| subject.type_of(left).is_some_and(|ty| ty.ends_with(" of"));
    let compared =
        subject.comparisons.iter().filter(|all| of_options(&all.left) && all.operator != Operator::IsAnyOf);
    let compared = compared.flat_map(|all| all.right.first());
    let set = subject.statements.iter().filter(|statement| statement.target.as_ref().is_some_and(of_options));
    let set = set.filter_map(|statement| statement.part.as_ref());
    compared.chain(set).filter(is_option).cloned().collect()
}

/// The name of a list, a meeting, a pipeline: the last word of an action.
pub fn objects(subject: &Subject) -> Vec<Slip> {
    let actions =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Action { .. }));
    let last = actions.filter_map(|action| {
        let words = action.part.clone()?;
        let text = subject.of(&words);
        // What these words mean is no name.
        let object = !["owner", "unassigned", "webhook"].iter().any(|word| text.ends_with(word));
        object.then(|| words.start + text.rfind(' ').map_or(0, |at| at + 1)..words.end)
    });
    misspelt(subject, last)
}

/// The name of a team, a user or an inbox in a condition.
pub fn subjects_of_conditions(subject: &Subject) -> Vec<Slip> {
    let tests = subject
        .comparisons
        .iter()
        .filter(|all| matches!(all.operator, Operator::IsAvailable | Operator::IsOpen));
    let names = tests
        .map(|all| all.left.start + subject.of(&all.left).rfind(' ').map_or(0, |at| at + 1)..all.left.end);
    misspelt(subject, names)
}

/// The name of a setting of the flow.
pub fn settings(subject: &Subject) -> Vec<Slip> {
    let of_flow = |line: &&BlockLine| {
        !line.is_choice && matches!(line.owner.as_str(), "display" | "options" | "consent")
    };
    misspelt(subject, subject.lines.iter().filter(of_flow).map(|line| line.head.clone()))
}

/// A word of a workspace's block: `members`, `hours`, `link`.
pub fn workspace_settings(subject: &Subject) -> Vec<Slip> {
    let of_workspace = |line: &&BlockLine| !subject.is_flow() && !line.is_choice && line.owner != "texts";
    misspelt(subject, subject.lines.iter().filter(of_workspace).map(|line| line.head.clone()))
}

/// The name of a setting or an outcome of an action or a question.
pub fn action_settings(subject: &Subject) -> Vec<Slip> {
    let of_flow =
        |line: &&BlockLine| matches!(line.owner.as_str(), "display" | "options" | "consent" | "target");
    let lines = subject.lines.iter().filter(|line| subject.is_flow() && !line.is_choice && !of_flow(line));
    misspelt(subject, lines.map(|line| line.head.clone()))
}

/// The first word of a statement.
pub fn statements(subject: &Subject) -> Vec<Slip> {
    let lines = subject.statements.iter().filter(|statement| subject.begins_line(statement.range.start));
    misspelt(subject, lines.filter_map(|statement| first_word(subject, &statement.range)))
}

/// The first word of a line of a test.
pub fn test_lines(subject: &Subject) -> Vec<Slip> {
    misspelt(subject, subject.test_lines.iter().filter_map(|line| first_word(subject, line)))
}

fn first_word(subject: &Subject, range: &Bytes) -> Option<Bytes> {
    let text = subject.of(range);
    let word = text.split(|char: char| !char.is_alphanumeric() && char != '_').next()?;
    (word.len() > 2).then(|| range.start..range.start + word.len())
}

/// The first word of a block or a line of the header.
pub fn blocks(subject: &Subject) -> Vec<Slip> {
    let items = subject.items.iter().skip(1).map(|(head, _)| head.clone());
    misspelt(subject, items.filter(|head| !matches!(subject.of(head), "use" | "contact" | "company")))
}

/// The type of what is asked for.
pub fn types(subject: &Subject) -> Vec<Slip> {
    let asks =
        subject.statements.iter().filter(|statement| matches!(statement.kind, StatementKind::Ask { .. }));
    misspelt(subject, asks.filter_map(|ask| ask.part.clone()))
}

/// The type of a property.
pub fn property_types(subject: &Subject) -> Vec<Slip> {
    let blocks = subject.items.iter().filter(|(head, _)| matches!(subject.of(head), "contact" | "company"));
    let words = blocks.flat_map(|(head, all)| {
        subject.tokens_of(Kind::Word).filter(|word| word.start > head.end && word.end <= all.end)
    });
    let types = words.filter(|word| {
        !subject.begins_line(word.start)
            && matches!(subject.of(word), "text" | "number" | "email" | "date" | "bool" | "phone")
    });
    misspelt(subject, types)
}

/// The workspace that a flow uses.
pub fn uses(subject: &Subject) -> Vec<Slip> {
    let items = subject.items.iter().filter(|(head, _)| subject.of(head) == "use");
    misspelt(subject, items.map(|(head, all)| head.end + 1..all.end))
}

/// A word that the language keeps for itself, as the name of a value.
pub fn reserved_words(subject: &Subject) -> Vec<Slip> {
    let words = ["today", "now", "reply", "page", "visitor", "company"];
    let firsts = subject.steps.iter().filter_map(|step| step.body.first());
    let lines = firsts.filter(|first| subject.begins_line(first.range.start));
    let lines = lines.map(|first| subject.line(first.range.start).start);
    lines
        .zip(words.iter().cycle())
        .map(|(at, word)| Slip::put_in(at, format!("  let {word} = 5\n")))
        .collect()
}

/// A former name that another step has.
pub fn living_former_names(subject: &Subject) -> Vec<Slip> {
    let pairs = subject.steps.iter().zip(subject.steps.iter().skip(1));
    let free = pairs.filter(|(step, _)| !subject.of(&subject.line(step.name.start)).contains(" was "));
    free.map(|(step, next)| Slip::put_in(step.name.end, format!(" was {}", subject.of(&next.name)))).collect()
}

/// A part of a workspace in a flow, and a part of a flow in a workspace.
pub fn misplaced(subject: &Subject) -> Vec<Slip> {
    let of_workspaces = ["team night \"Night\"\n", "list extra \"Extra\"\n", "plan free\n", "secret token\n"];
    let of_flows = ["step extra {\n  end\n}\n", "priority 5\n", "channel website\n", "anytime {\n}\n"];
    let all = if subject.is_flow() { of_workspaces } else { of_flows };
    let behind = subject.items.iter().skip(1).map(|(_, all)| all.end).filter(|end| subject.ends_line(*end));
    let lines = behind.map(|end| (subject.line(end).end + 1).min(subject.text().len()));
    lines.zip(all.iter().cycle()).map(|(at, part)| Slip::put_in(at, *part)).collect()
}

/// A file without its first line.
pub fn headers(subject: &Subject) -> Vec<Slip> {
    let header = subject.items.first().map(|(_, all)| all.clone());
    let second = subject.items.get(1).map(|(head, _)| head.start);
    header
        .zip(second)
        .map(|(header, second)| Slip::without(header).looked_for_at(second))
        .into_iter()
        .collect()
}

/// Something that a workspace has already.
pub fn second_things(subject: &Subject) -> Vec<Slip> {
    let things = ["team", "list", "meeting", "user", "article", "pipeline", "survey", "inbox", "workflow"];
    let declared =
        subject.items.iter().filter(|(head, _)| !subject.is_flow() && things.contains(&subject.of(head)));
    let again = declared.filter(|(_, all)| subject.is_one_line(all)).map(|(_, all)| subject.of(all));
    let end = subject.text().len();
    again.map(|again| Slip::put_in(end, format!("\n{again}\n")).looked_for_in_line(1)).collect()
}
