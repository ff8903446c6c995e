//! Two versions of a flow: what has changed at each place, where its chats go on, and what visitors see.

use std::collections::BTreeSet;

use chatflow_runtime::{
    Destination, Facts, FlowId, Migration, PlaceId, Program, Reason, ReplyId, Session, State, TypeKind,
    migrate,
};

use super::likeness::{Succession, successions};
use super::place::{Place, chains, places};
use super::words::Words;
use crate::inspect::names;

/// What has changed between two versions of a flow.
#[derive(Debug)]
pub struct FlowChange {
    /// The flow's name, by now.
    pub flow: String,
    /// Its former name, if it has a new one.
    pub was: Option<String>,
    /// Whether there is no new version of it: its chats have nowhere to go.
    pub gone: bool,
    /// What becomes of each place of the old version, in its order.
    pub places: Vec<PlaceChange>,
    /// The places that there were not.
    pub new_places: Vec<Place>,
    /// What visitors see otherwise besides questions, step by step.
    pub texts: Vec<TextChange>,
    /// Steps that look as if they had been renamed without `was`.
    pub successions: Vec<Succession>,
}

/// What becomes of a place and the chats that wait there.
#[derive(Debug)]
pub struct PlaceChange {
    /// The place in the old version.
    pub old: Place,
    /// The place in the new version, if its chats stay.
    pub new: Option<Place>,
    /// Where its chats go on.
    pub goes: Goes,
    /// Why they cannot stay.
    pub why: Vec<Reason>,
    /// What has changed there.
    pub changes: Vec<Change>,
    /// How many chats wait there, if somebody has counted.
    pub waiting: Option<u64>,
}

/// Where the chats of a place go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Goes {
    /// Where they stand.
    Stays,
    /// At the beginning of the step that has taken over with `was`.
    Successor(String),
    /// At the flow's `outdated` step.
    Outdated(String),
    /// At the welcome: nobody has said where else.
    Welcome,
    /// Nowhere: the flow is gone.
    Nowhere,
}

impl Goes {
    /// A destination in a program, by names.
    pub fn to(program: &Program, destination: Destination) -> Goes {
        let step = |step| names::step(program.image(), step);
        match destination {
            Destination::Same | Destination::Renamed => Goes::Stays,
            Destination::Successor { step: at, .. } => Goes::Successor(step(at)),
            Destination::Outdated(at) => Goes::Outdated(step(at)),
            Destination::First | Destination::Welcome => Goes::Welcome,
        }
    }

    /// Whether somebody has said that they go there.
    pub fn is_declared(&self) -> bool {
        match self {
            Goes::Stays | Goes::Successor(_) | Goes::Outdated(_) => true,
            Goes::Welcome | Goes::Nowhere => false,
        }
    }
}

/// One thing that has changed at a place whose chats stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Its step has a new name.
    Moved {
        /// The former one.
        was: String,
        /// The new one.
        is: String,
    },
    /// The question reads otherwise.
    Reworded {
        /// As it read.
        was: String,
        /// As it reads.
        is: String,
    },
    /// It offers other replies, or words them otherwise.
    Replies {
        /// The labels of those that are gone.
        gone: Vec<String>,
        /// The labels of those that are new.
        new: Vec<String>,
        /// The labels of those that read otherwise, before and after.
        reworded: Vec<(String, String)>,
    },
    /// The answer is read as another type that takes all that the old one took.
    Wider {
        /// What it was read as.
        was: TypeKind,
        /// What it is read as.
        is: TypeKind,
    },
}

/// What a step says otherwise.
#[derive(Debug)]
pub struct TextChange {
    /// The step, by its new name.
    pub step: String,
    /// What it no longer says.
    pub gone: Vec<String>,
    /// What it did not say.
    pub new: Vec<String>,
}

/// Compares the flows of two versions: those with one name, or a former one, belong together.
pub fn compare(old: &[Program], new: &[Program]) -> Vec<FlowChange> {
    let successor = |flow: &Program| {
        let same = new.iter().find(|other| other.flow_id() == flow.flow_id());
        same.or_else(|| new.iter().find(|other| other.was().any(|was| FlowId::of(was) == flow.flow_id())))
    };
    old.iter().map(|flow| flow_change(flow, successor(flow))).collect()
}

fn flow_change(old: &Program, new: Option<&Program>) -> FlowChange {
    let old_words = Words::of(old);
    let old_places = places(old, &old_words);
    let Some(new) = new else {
        let gone = |old| PlaceChange {
            old,
            new: None,
            goes: Goes::Nowhere,
            why: vec![Reason::OtherFlow],
            changes: Vec::new(),
            waiting: None,
        };
        return FlowChange {
            flow: old.name().to_owned(),
            was: None,
            gone: true,
            places: old_places.into_iter().map(gone).collect(),
            new_places: Vec::new(),
            texts: Vec::new(),
            successions: Vec::new(),
        };
    };
    let new_words = Words::of(new);
    let new_places = places(new, &new_words);
    let changes: Vec<PlaceChange> =
        old_places.iter().map(|place| place_change(old, new, place, &new_places)).collect();
    let taken: BTreeSet<PlaceId> =
        changes.iter().filter_map(|change| Some(change.new.as_ref()?.id)).collect();
    FlowChange {
        flow: new.name().to_owned(),
        was: (old.name() != new.name()).then(|| old.name().to_owned()),
        gone: false,
        successions: successions(old, new, &old_places, &new_places),
        texts: texts(old, new, &old_words, &new_words),
        new_places: new_places.into_iter().filter(|place| !taken.contains(&place.id)).collect(),
        places: changes,
    }
}

/// What becomes of the chats at a place, whichever steps they come back to: where some of them cannot stay, that is
/// what counts.
fn place_change(old: &Program, new: &Program, place: &Place, new_places: &[Place]) -> PlaceChange {
    let sessions =
        chains(old, place.id).into_iter().filter_map(|chain| Session::waiting_at(old, place.id, &chain));
    let fates: Vec<Migration> = sessions.map(|session| migrate(new, &session, Facts::NONE)).collect();
    let worst = fates.iter().max_by_key(|fate| rank(fate.destination));
    let goes = worst.map_or(Goes::Welcome, |fate| Goes::to(new, fate.destination));
    let stays_at =
        worst.filter(|fate| fate.destination.stays()).and_then(|fate| match fate.session.state() {
            State::At(id) => new_places.iter().find(|place| place.id == id).cloned(),
            State::Agreement | State::Done(_) => None,
        });
    PlaceChange {
        changes: stays_at.as_ref().map(|now| changes(new, place, now)).unwrap_or_default(),
        old: place.clone(),
        new: stays_at,
        goes,
        why: worst.map(|fate| fate.why.clone()).unwrap_or_default(),
        waiting: None,
    }
}

/// How far a chat is thrown back.
fn rank(destination: Destination) -> u8 {
    match destination {
        Destination::Same | Destination::Renamed => 0,
        Destination::Successor { .. } => 1,
        Destination::Outdated(_) => 2,
        Destination::First | Destination::Welcome => 3,
    }
}

/// What has changed at a place whose chats stay.
fn changes(new: &Program, was: &Place, is: &Place) -> Vec<Change> {
    let mut changes = Vec::new();
    if was.step != is.step {
        changes.push(Change::Moved { was: was.step.clone(), is: is.step.clone() });
    }
    if let (Some(old), Some(text)) = (&was.text, &is.text)
        && old != text
    {
        changes.push(Change::Reworded { was: old.clone(), is: text.clone() });
    }
    if let (Some(old), Some(kind)) = (was.kind, is.kind)
        && old != kind
    {
        changes.push(Change::Wider { was: old, is: kind });
    }
    changes.extend(replies(new, was, is));
    changes
}

fn replies(new: &Program, was: &Place, is: &Place) -> Option<Change> {
    let now = |id: ReplyId| new.reply_now(is.id, id);
    let mut kept = BTreeSet::new();
    let (mut gone, mut reworded) = (Vec::new(), Vec::new());
    for (id, label) in &was.replies {
        let Some((id, text)) = now(*id).and_then(|id| is.replies.iter().find(|(now, _)| *now == id)) else {
            gone.push(label.clone());
            continue;
        };
        kept.insert(*id);
        if text != label {
            reworded.push((label.clone(), text.clone()));
        }
    }
    let added = is.replies.iter().filter(|(id, _)| !kept.contains(id));
    let new: Vec<String> = added.map(|(_, label)| label.clone()).collect();
    let any = !(gone.is_empty() && new.is_empty() && reworded.is_empty());
    any.then_some(Change::Replies { gone, new, reworded })
}

/// What the steps say otherwise besides their questions. A step that is new or gone says all of it otherwise.
fn texts(old: &Program, new: &Program, old_words: &Words, new_words: &Words) -> Vec<TextChange> {
    let mut seen = BTreeSet::new();
    let mut texts = Vec::new();
    for step in &new.image().steps {
        let string = |at| new.image().strings.get(at);
        let name = string(step.name);
        let known =
            |name: &&str| old.image().steps.iter().any(|step| old.image().strings.get(step.name) == *name);
        let was = std::iter::once(name).chain(step.was.iter().map(|was| string(*was))).find(known);
        seen.extend(was.map(str::to_owned));
        let before = was.map(|was| old_words.said_in(was)).unwrap_or(&[]);
        texts.extend(text_change(name, before, new_words.said_in(name)));
    }
    for step in &old.image().steps {
        let name = old.image().strings.get(step.name);
        if !seen.contains(name) {
            texts.extend(text_change(name, old_words.said_in(name), &[]));
        }
    }
    texts
}

fn text_change(step: &str, was: &[String], is: &[String]) -> Option<TextChange> {
    let without = |all: &[String], others: &[String]| -> Vec<String> {
        all.iter().filter(|text| !others.contains(text)).cloned().collect()
    };
    let change = TextChange { step: step.to_owned(), gone: without(was, is), new: without(is, was) };
    (!(change.gone.is_empty() && change.new.is_empty())).then_some(change)
}

impl FlowChange {
    /// The places whose chats go where nobody has sent them.
    pub fn undeclared(&self) -> impl Iterator<Item = &PlaceChange> {
        self.places.iter().filter(|place| !place.goes.is_declared())
    }

    /// Whether chats go where nobody has sent them.
    pub fn loses_chats(&self) -> bool {
        self.undeclared().next().is_some()
    }

    /// Whether there is nothing to say.
    pub fn is_nothing(&self) -> bool {
        let kept = |place: &PlaceChange| place.goes == Goes::Stays && place.changes.is_empty();
        self.was.is_none()
            && self.texts.is_empty()
            && self.new_places.is_empty()
            && self.places.iter().all(kept)
    }
}

impl PlaceChange {
    /// What has happened to it, in a word or several.
    pub fn words(&self) -> Vec<&'static str> {
        let mut words: Vec<&str> = self.why.iter().map(reason_word).collect();
        words.extend(self.changes.iter().map(Change::word));
        words.dedup();
        if words.is_empty() { vec!["kept"] } else { words }
    }
}

fn reason_word(why: &Reason) -> &'static str {
    match why {
        Reason::OtherFlow | Reason::PlaceGone => "orphaned",
        Reason::WaitChanged | Reason::TypeChanged { .. } => "type",
        Reason::Lacks(_) => "needs",
        Reason::CallerGone(_) => "callers",
        Reason::AgreementChanged => "agreement",
    }
}

impl Change {
    fn word(&self) -> &'static str {
        match self {
            Change::Moved { .. } => "moved",
            Change::Reworded { .. } => "reworded",
            Change::Replies { .. } => "replies",
            Change::Wider { .. } => "type",
        }
    }
}
