//! Servers that speak the contract of HubSpot's bots: what they say is shown, what they ask is asked, and they may lead
//! the chat where the flow lets them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::action::Outcome;
use crate::answer;
use crate::awaited::Awaited;
use crate::eval::Stop;
use crate::facts::{FactValue, Facts};
use crate::html;
use crate::id::{Addr, ReplyId, Site};
use crate::image::{ActDef, Arm, SiteDef, Strings, TalkDef};
use crate::machine::{Machine, Next};
use crate::message::Said;
use crate::observe::{Observer, Taken};
use crate::program::Program;
use crate::result::LONGEST_RESULT;
use crate::session::{QuickReply, Session, State};
use crate::text;
use crate::turn::{Effect, Reply};
use crate::value::Type;

/// The most replies that a server may offer at once.
pub const MOST_QUICK_REPLIES: usize = 20;

/// The longest label or value of such a reply, in bytes.
pub const LONGEST_QUICK_REPLY: usize = 500;

/// The longest JSON, in bytes, that a server may give itself to know of a chat: it travels in the session.
pub const LONGEST_SERVER_STATE: usize = 8 * 1024;

/// What a server wants that the flow does not let it do, or that nobody could do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What stands under this name is not of the kind that it should be, or too long.
    Malformed(&'static str),
    /// It leads to this name, which the flow does not list.
    Next(String),
    /// It asks the visitor, which the flow does not let it.
    Asks,
}

/// What a server says.
struct Answer {
    message: String,
    replies: Vec<QuickReply>,
    /// Where it leads, with the number of its name.
    next: Option<(u32, Arm)>,
    /// Whether it waits for the visitor's reply.
    expects: bool,
    state: Option<String>,
}

impl Answer {
    /// Reads what a server says; all of it must be what the flow lets it do.
    fn read(data: &Facts, talk: &TalkDef, strings: &Strings) -> Result<Answer, Refused> {
        let message = text_under(data, "botMessage", LONGEST_RESULT)?.map(|text| html::plain(&text));
        let expects = match data.get("responseExpected") {
            None => false,
            Some(FactValue::Bool(expects)) => *expects,
            Some(_) => return Err(Refused::Malformed("responseExpected")),
        };
        if expects && talk.asks.is_none() {
            return Err(Refused::Asks);
        }
        let next = text_under(data, "nextModuleNickname", LONGEST_RESULT)?.filter(|text| !text.is_empty());
        let next = match next {
            // Whoever asks is called again, wherever they lead.
            Some(nickname) if !expects => {
                let mut nexts = (0..).zip(&talk.nexts);
                let named = nexts.find(|(_, (name, _))| strings.get(*name) == nickname);
                Some(named.map(|(at, (_, arm))| (at, *arm)).ok_or(Refused::Next(nickname))?)
            }
            Some(_) | None => None,
        };
        let state = text_under(data, "customState", LONGEST_SERVER_STATE)?;
        Ok(Answer { message: message.unwrap_or_default(), replies: replies(data)?, next, expects, state })
    }
}

/// What is shown where nothing is asked: the chat goes on at once, so that replies are words that may be typed.
fn shown(mut message: String, replies: &[QuickReply]) -> String {
    for reply in replies {
        message.push_str(if message.is_empty() { "- " } else { "\n- " });
        message.push_str(&reply.label);
    }
    message
}

/// The text under a name.
fn text_under(data: &Facts, name: &'static str, longest: usize) -> Result<Option<String>, Refused> {
    match data.get(name) {
        None => Ok(None),
        Some(FactValue::Text(text)) if text.len() <= longest => Ok(Some(text.clone())),
        Some(FactValue::Text(_) | FactValue::Number(_) | FactValue::Bool(_) | FactValue::Many(_)) => {
            Err(Refused::Malformed(name))
        }
    }
}

/// The replies that a server offers. One without a label says its value, and the other way round.
fn replies(data: &Facts) -> Result<Vec<QuickReply>, Refused> {
    let text = |at: usize, what: &str| match data.get(&alloc::format!("quickReplies[{at}].{what}")) {
        Some(FactValue::Text(text)) => Some(text.clone()),
        Some(FactValue::Number(number)) => Some(alloc::format!("{}", number.normalize())),
        Some(FactValue::Bool(_) | FactValue::Many(_)) | None => None,
    };
    let mut replies = Vec::new();
    for at in 0.. {
        let (label, value) = match (text(at, "label"), text(at, "value")) {
            (None, None) => break,
            (Some(label), Some(value)) => (label, value),
            (Some(one), None) | (None, Some(one)) => (one.clone(), one),
        };
        let fits = |text: &str| !text.trim().is_empty() && text.len() <= LONGEST_QUICK_REPLY;
        if !fits(&label) || value.len() > LONGEST_QUICK_REPLY || at == MOST_QUICK_REPLIES {
            return Err(Refused::Malformed("quickReplies"));
        }
        replies.push(QuickReply { label, value });
    }
    Ok(replies)
}

impl<'a, O: Observer + ?Sized> Machine<'a, O> {
    /// Takes what a server says: shows it, and waits for the visitor, goes where it leads, or goes on.
    pub(crate) fn talked(
        &mut self,
        site: Site,
        def: &SiteDef,
        act: &ActDef,
        talk: &TalkDef,
        data: &Facts,
    ) -> Next {
        let Ok(answer) = Answer::read(data, talk, &self.image().strings) else {
            let failure = act.action.spec().failure().unwrap_or(Outcome::Failed);
            return self.settle(site, def, act, failure);
        };
        if answer.state.is_some() {
            self.session.server_state = answer.state;
        }
        if answer.expects {
            self.ask_visitor();
            self.session.offered = answer.replies;
            self.ask_for_server(def, answer.message, false);
            return Next::Rest;
        }
        let text = shown(answer.message, &answer.replies);
        if !text.is_empty() {
            self.say(text);
        }
        match answer.next {
            Some((at, arm)) => {
                self.observer.arm(site, Taken::Next(at));
                self.arm(def, arm)
            }
            None => self.settle(site, def, act, Outcome::Ok),
        }
    }

    /// Asks the visitor what a server wants to know.
    fn ask_for_server(&mut self, def: &SiteDef, text: String, again: bool) {
        let reply = |reply: &QuickReply| Reply { id: ReplyId::of(&reply.label), label: reply.label.clone() };
        let replies = self.session.offered.iter().map(reply).collect();
        self.emit(Effect::Ask { place: def.id, text, ty: Type::Text, replies, open: true, again });
    }

    /// What the visitor says to a server that has asked: the call is done again with it, unless `anytime` takes it.
    pub(crate) fn said_to_server(
        &mut self,
        def: &SiteDef,
        again: Addr,
        said: Said<'_>,
    ) -> Result<Next, Stop> {
        let offered = &self.session.offered;
        let picked = match said {
            Said::Tapped(place, tapped) => {
                let of_here = |reply: &&QuickReply| place == def.id && ReplyId::of(&reply.label) == tapped;
                let Some(reply) = offered.iter().find(of_here) else { return Ok(Next::Rest) };
                Some(reply.clone())
            }
            Said::Typed(message) => {
                let labelled = offered.iter().find(|reply| text::same(&reply.label, message)).cloned();
                self.session.reply = Some(String::from(message));
                if labelled.is_none()
                    && let Some(next) = self.anytime()?
                {
                    return Ok(next);
                }
                let numbered = || {
                    let at = answer::reply_number(message)?;
                    self.session.offered.get(at).cloned()
                };
                labelled.or_else(numbered)
            }
        };
        if let Some(picked) = &picked {
            self.session.reply = Some(picked.label.clone());
        }
        self.picked = picked;
        Ok(Next::At(again.index()))
    }
}

/// Why a chat would take what a server says for a failure, if the host said it with this outcome now; none where it would
/// not, and where it speaks no such contract.
pub fn refused(program: &Program, session: &Session, outcome: Outcome, data: &Facts) -> Option<Refused> {
    let State::At(place) = session.state() else { return None };
    let def = program.site_def(program.site(place)?)?;
    let Some(Awaited::Outcome(ActDef { action, talk: Some(talk), .. }, _)) = def.awaited(session.asked)
    else {
        return None;
    };
    let brings = action.spec().brings == Some(outcome);
    brings.then(|| Answer::read(data, talk, &program.image().strings).err()).flatten()
}
