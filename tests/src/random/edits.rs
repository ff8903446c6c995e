//! Random edits of a flow's text, as an author makes them between two versions. An edit knows from the lines alone
//! what becomes of each of them, and whether a waiting chat may lose its place by it.

use super::Choices;

/// What an author does to a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant says what is done")]
pub enum Edit {
    RewordQuestion,
    RewordSaid,
    SayBefore,
    SayAfter,
    AskBefore,
    AskAfter,
    WaitBefore,
    MoveStepDown,
    RenameStepWithWas,
    AddStep,
    AddOutdated,
    Retitle,
    ReverseReplies,
    AddReply,
    Translate,
    RenameFlowWithWas,
    RewordReply,
    RemoveReply,
    RenameStep,
    RenameFlow,
    RemoveQuestion,
    RemoveOutdated,
    RetypeLocal,
    SplitStep,
    MergeIntoNew,
    AskConsent,
    RelyOnMore,
}

impl Edit {
    /// Every edit; those before [`Edit::RewordReply`] leave every chat where it is.
    pub const ALL: &'static [Edit] = &[
        Edit::RewordQuestion,
        Edit::RewordSaid,
        Edit::SayBefore,
        Edit::SayAfter,
        Edit::AskBefore,
        Edit::AskAfter,
        Edit::WaitBefore,
        Edit::MoveStepDown,
        Edit::RenameStepWithWas,
        Edit::AddStep,
        Edit::AddOutdated,
        Edit::Retitle,
        Edit::ReverseReplies,
        Edit::AddReply,
        Edit::Translate,
        Edit::RenameFlowWithWas,
        Edit::RewordReply,
        Edit::RemoveReply,
        Edit::RenameStep,
        Edit::RenameFlow,
        Edit::RemoveQuestion,
        Edit::RemoveOutdated,
        Edit::RetypeLocal,
        Edit::SplitStep,
        Edit::MergeIntoNew,
        Edit::AskConsent,
        Edit::RelyOnMore,
    ];

    /// Whether no chat may lose its place by it.
    pub fn is_harmless(self) -> bool {
        self < Edit::RenameStep
    }
}

/// A flow's text in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    /// The line of the old version, from 1.
    from: Option<u32>,
    text: String,
}

impl Draft {
    /// A flow as it is.
    pub fn of(text: &str) -> Draft {
        let lines = (1..).zip(text.lines()).map(|(at, text)| Line { from: Some(at), text: text.to_owned() });
        Draft { lines: lines.collect() }
    }

    /// The new text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{}\n", line.text)).collect()
    }

    /// Where a line of the old version stands by now, from 1.
    pub fn now(&self, old: u32) -> Option<u32> {
        let at = self.lines.iter().position(|line| line.from == Some(old))?;
        Some(at as u32 + 1)
    }

    /// Does something to the flow, near an old line if that can be; whether it could be done.
    pub fn edit(&mut self, edit: Edit, near: u32, choices: &mut Choices) -> bool {
        let at = self.lines.iter().position(|line| line.from == Some(near));
        let ask = at.filter(|at| self.is_ask(*at)).or_else(|| self.some(choices, is_ask));
        let own = at.unwrap_or(0);
        match edit {
            Edit::RewordQuestion => ask.is_some_and(|at| self.reword(at)),
            Edit::RewordSaid => {
                let said = self.some(choices, |line| {
                    line.starts_with("say \"") && line.ends_with('"') && !line.contains('{')
                });
                said.is_some_and(|at| self.replace(at, "say \"Something else.\""))
            }
            Edit::SayBefore => self.insert_at(own, "say \"One more thing.\""),
            Edit::SayAfter => self.insert_at(self.end_of(own) + 1, "say \"Noted.\""),
            Edit::AskBefore => self.insert_at(own, "ask fresh_one: text \"Fresh?\""),
            Edit::AskAfter => self.insert_at(self.end_of(own) + 1, "ask fresh_two: text \"Fresh as well?\""),
            Edit::WaitBefore => self.insert_at(own, "wait 1s"),
            Edit::MoveStepDown => self.move_step(choices),
            Edit::RenameStepWithWas => self.rename_step(own, true),
            Edit::RenameStep => self.rename_step(own, false),
            Edit::AddStep => self.push("step added {\n  ask \"Added?\"\n  say \"Fine.\"\n}"),
            Edit::AddOutdated => {
                !self.lines.iter().any(|line| line.text.starts_with("outdated"))
                    && self.insert_at(self.first_step(), "outdated -> start")
            }
            Edit::RemoveOutdated => {
                let at = self.lines.iter().position(|line| line.text.starts_with("outdated"));
                at.is_some_and(|at| self.remove(at, at))
            }
            Edit::Retitle => self.header("\"A random flow\"", "\"Retitled\""),
            Edit::RenameFlowWithWas => self.header("flow random", "flow renamed was random"),
            Edit::RenameFlow => self.header("flow random", "flow renamed"),
            Edit::Translate => {
                let named = self.lines.iter().any(|line| line.text.starts_with("languages"));
                !named && self.insert_at(2, "languages en, nl")
            }
            Edit::ReverseReplies => self.with_replies(own, choices, |replies| replies.reverse()),
            Edit::RemoveReply => self.with_replies(own, choices, |replies| {
                replies.pop();
            }),
            Edit::RewordReply => self.with_replies(own, choices, |replies| {
                if let Some(line) = replies.first_mut() {
                    line.text = reworded_reply(&line.text);
                }
            }),
            Edit::AddReply => self.with_replies(own, choices, |replies| {
                let plain = replies.iter().all(|line| !line.text.contains(" = "));
                let indent = replies.first().map_or("", |line| indent_of(&line.text));
                let text = format!("{indent}\"Brand new\"");
                if plain {
                    replies.push(Line { from: None, text });
                }
            }),
            Edit::RemoveQuestion => ask.is_some_and(|at| self.remove(at, self.end_of(at))),
            Edit::RetypeLocal => ask.is_some_and(|at| self.retype(at)),
            Edit::SplitStep => self.split(own),
            Edit::MergeIntoNew => self.merge(own),
            Edit::AskConsent => {
                !self.lines.iter().any(|line| line.text.starts_with("consent"))
                    && self.insert_at(self.first_step(), "consent {\n  processing explicit \"May we?\"\n}")
            }
            Edit::RelyOnMore => {
                let begin = self.step_around(own).map(|(begin, _)| begin);
                begin.is_some_and(|begin| {
                    self.insert_at(self.end_of(own) + 1, "say \"{town_of_birth}\"")
                        && self.insert_at(begin + 1, "ask town_of_birth: text \"Where were you born?\"")
                })
            }
        }
    }

    fn text_at(&self, at: usize) -> &str {
        self.lines.get(at).map_or("", |line| line.text.as_str())
    }

    fn is_ask(&self, at: usize) -> bool {
        is_ask(self.text_at(at).trim_start())
    }

    /// Some line in a step for which this holds.
    fn some(&self, choices: &mut Choices, fits: impl Fn(&str) -> bool) -> Option<usize> {
        let all: Vec<usize> = (self.first_step()..self.lines.len())
            .filter(|at| fits(self.text_at(*at).trim_start()) && self.step_around(*at).is_some())
            .collect();
        choices.one(&all).copied()
    }

    fn first_step(&self) -> usize {
        let step = self.lines.iter().position(|line| line.text.starts_with("step "));
        step.unwrap_or(self.lines.len())
    }

    /// The first and the last line of the step around a line.
    fn step_around(&self, at: usize) -> Option<(usize, usize)> {
        let begin = (0..=at).rev().find(|at| {
            let text = self.text_at(*at);
            !text.is_empty() && !text.starts_with([' ', '}'])
        })?;
        let is_step = self.text_at(begin).starts_with("step ") && self.text_at(begin).ends_with('{');
        let end = (begin..self.lines.len()).find(|at| self.text_at(*at) == "}")?;
        (is_step && at <= end).then_some((begin, end))
    }

    /// The last line of the statement that begins on a line.
    fn end_of(&self, at: usize) -> usize {
        let text = self.text_at(at);
        let indent = indent_of(text);
        if !text.ends_with(['{', ',']) {
            return at;
        }
        let closes =
            |line: &str| line == format!("{indent}}}") || (!text.ends_with('{') && line.ends_with(']'));
        (at + 1..self.lines.len()).find(|at| closes(self.text_at(*at))).unwrap_or(at)
    }

    fn insert_at(&mut self, at: usize, text: &str) -> bool {
        let inside = self.step_around(at).is_some_and(|(begin, _)| begin < at);
        let indent = match inside {
            true if self.text_at(at).trim_start().starts_with('}') => {
                format!("{}  ", indent_of(self.text_at(at)))
            }
            true => indent_of(self.text_at(at)).to_owned(),
            false if text.starts_with(['o', 'c', 'l']) => String::new(),
            false => return false,
        };
        let new = text.lines().map(|text| Line { from: None, text: format!("{indent}{text}") });
        let at = at.min(self.lines.len());
        self.lines.splice(at..at, new.collect::<Vec<Line>>());
        true
    }

    fn push(&mut self, text: &str) -> bool {
        self.lines.extend(text.lines().map(|text| Line { from: None, text: text.to_owned() }));
        true
    }

    fn remove(&mut self, from: usize, to: usize) -> bool {
        self.lines.drain(from..=to);
        true
    }

    fn replace(&mut self, at: usize, text: &str) -> bool {
        let Some(line) = self.lines.get_mut(at) else { return false };
        line.text = format!("{}{text}", indent_of(&line.text));
        true
    }

    fn header(&mut self, old: &str, new: &str) -> bool {
        let line = self.lines.iter_mut().find(|line| line.text.starts_with("flow "));
        line.is_some_and(|line| {
            let text = line.text.replace(old, new);
            std::mem::replace(&mut line.text, text.clone()) != text
        })
    }

    fn reword(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get_mut(at) else { return false };
        let block = if line.text.ends_with('{') { " {" } else { "" };
        let Some((head, _)) = line.text.split_once('"') else { return false };
        line.text = format!("{head}\"Reworded?\"{block}");
        true
    }

    fn retype(&mut self, at: usize) -> bool {
        let Some(line) = self.lines.get_mut(at) else { return false };
        let plain = !line.text.ends_with('{');
        let text = match line.text.contains(": text ") {
            true => line.text.replace(": text ", ": number "),
            false => line.text.replace(": number ", ": text "),
        };
        plain && std::mem::replace(&mut line.text, text.clone()) != text
    }

    fn move_step(&mut self, choices: &mut Choices) -> bool {
        let headers: Vec<usize> =
            (0..self.lines.len()).filter(|at| self.text_at(*at).starts_with("step ")).collect();
        // The first step is where the flow begins.
        let Some(at) = choices.one(headers.get(1..).unwrap_or(&[])).copied() else { return false };
        let Some((begin, end)) = self.step_around(at) else { return false };
        let step: Vec<Line> = self.lines.drain(begin..=end).collect();
        self.lines.extend(step);
        true
    }

    fn rename_step(&mut self, at: usize, was: bool) -> bool {
        let Some((begin, _)) = self.step_around(at) else { return false };
        let header = self.text_at(begin).to_owned();
        let Some(name) = header.split_whitespace().nth(1).map(str::to_owned) else { return false };
        let new = format!("{name}_by_now");
        for line in &mut self.lines {
            for lead in ["-> ", "do "] {
                line.text = renamed(&line.text, lead, &name, &new);
            }
        }
        let old = header.strip_prefix(&format!("step {name}")).unwrap_or_default();
        let former = match (was, old.trim_start().strip_prefix("was ")) {
            (true, Some(more)) => format!(" was {name}, {}", more.trim_end_matches('{').trim_end()),
            (true, None) => format!(" was {name}"),
            (false, _) => String::new(),
        };
        self.replace(begin, &format!("step {new}{former} {{"))
    }

    /// Changes the choices of the question on a line, or of some other one, if each of them is a line.
    fn with_replies(
        &mut self,
        at: usize,
        choices: &mut Choices,
        change: impl FnOnce(&mut Vec<Line>),
    ) -> bool {
        let all: Vec<(usize, usize)> = (0..self.lines.len()).filter_map(|at| self.replies(at)).collect();
        let Some((first, last)) = self.replies(at).or_else(|| choices.one(&all).copied()) else {
            return false;
        };
        let mut lines: Vec<Line> = self.lines.drain(first..=last).collect();
        change(&mut lines);
        self.lines.splice(first..first, lines);
        true
    }

    /// The first and the last of the choices of the question on a line, if there are several and each is a line.
    fn replies(&self, at: usize) -> Option<(usize, usize)> {
        if !self.is_ask(at) || !self.text_at(at).ends_with('{') {
            return None;
        }
        let deeper = format!("{}  ", indent_of(self.text_at(at)));
        let is_reply = |at: &usize| {
            let text = self.text_at(*at);
            text.strip_prefix(&deeper).is_some_and(|text| text.starts_with('"')) && !text.ends_with('{')
        };
        let replies: Vec<usize> = (at + 1..self.end_of(at)).filter(is_reply).collect();
        let (first, last) = (*replies.first()?, *replies.last()?);
        (replies.len() > 1 && last - first + 1 == replies.len()).then_some((first, last))
    }

    /// What stands from a line on in its step goes to a step of its own.
    fn split(&mut self, at: usize) -> bool {
        let Some((begin, end)) = self.step_around(at) else { return false };
        if indent_of(self.text_at(at)).len() != 2 || at == begin {
            return false;
        }
        let rest: Vec<Line> = self.lines.drain(at..end).collect();
        self.lines.insert(at, Line { from: None, text: "  -> split_off".to_owned() });
        self.push("step split_off {");
        self.lines.extend(rest);
        self.push("}")
    }

    /// The statement on a line goes to a step that others share, and is run there.
    fn merge(&mut self, at: usize) -> bool {
        if self.step_around(at).is_none_or(|(begin, _)| begin == at) || !self.is_ask(at) {
            return false;
        }
        let indent = indent_of(self.text_at(at)).to_owned();
        let end = self.end_of(at);
        let statement: Vec<Line> = self.lines.drain(at..=end).collect();
        self.lines.insert(at, Line { from: None, text: format!("{indent}do shared_question") });
        self.push("step shared_question {");
        self.lines.extend(statement);
        self.push("}")
    }
}

fn is_ask(text: &str) -> bool {
    text.starts_with("ask ") && (text.ends_with('"') || text.ends_with("\" {"))
}

fn indent_of(text: &str) -> &str {
    text.get(..text.len() - text.trim_start().len()).unwrap_or("")
}

/// A choice with another label and the same meaning.
fn reworded_reply(text: &str) -> String {
    let indent = indent_of(text);
    let rest = text.trim_start().split_once("\" ").map(|(_, rest)| format!(" {rest}")).unwrap_or_default();
    format!("{indent}\"Reworded\"{rest}")
}

/// A name behind a word, where it stands as a whole.
fn renamed(text: &str, lead: &str, name: &str, new: &str) -> String {
    let whole = format!("{lead}{name}");
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&whole) {
        let ends = !after.starts_with(|next: char| next.is_alphanumeric() || next == '_' || next == '.');
        out += before;
        out += if ends { lead } else { &whole };
        out += if ends { new } else { "" };
        rest = after;
    }
    out + rest
}
