//! The places of a program, as people name them.

use chatflow_runtime::id::{Site, Step};
use chatflow_runtime::image::{SiteDef, Wait};
use chatflow_runtime::{PlaceId, Program, ReplyId, TypeKind};

use super::words::Words;
use crate::inspect::names;

/// The longest chains of steps that run each other, and so many of them, that are looked at for one place.
const MOST_CHAINS: usize = 64;

/// A place where a chat can wait.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its id.
    pub id: PlaceId,
    /// The step it stands in.
    pub step: String,
    /// What is done there: `ask contact.email`, `book meeting intro`.
    pub what: String,
    /// What is asked, with its holes; nothing for an action.
    pub text: Option<String>,
    /// What the answer is read as.
    pub kind: Option<TypeKind>,
    /// The replies it offers, by their ids.
    pub replies: Vec<(ReplyId, String)>,
    /// What is known there and the flow relies on, by full names, and what it is.
    pub known: Vec<(String, TypeKind)>,
}

impl Place {
    /// The step and what is done in it: `qualify: ask contact.email`.
    pub fn name(&self) -> String {
        format!("{}: {}", self.step, self.what)
    }
}

/// Every place of a program where somebody or something is waited for, in the order of its steps.
pub fn places(program: &Program, words: &Words) -> Vec<Place> {
    let waits = |site: &&SiteDef| program.site(site.id).is_some();
    program.image().sites.iter().filter(waits).map(|site| place(program, words, site)).collect()
}

fn place(program: &Program, words: &Words, def: &SiteDef) -> Place {
    let image = program.image();
    let mut place = Place {
        id: def.id,
        step: names::step(image, def.step),
        what: names::place(image, def),
        text: program.site(def.id).and_then(|site: Site| words.question(site)).map(str::to_owned),
        kind: None,
        replies: Vec::new(),
        known: def
            .keeps
            .iter()
            .filter_map(|slot| image.slots.get(slot.index()))
            .map(|slot| (image.strings.get(slot.name).to_owned(), slot.ty.kind()))
            .collect(),
    };
    place.known.sort();
    if let Wait::Ask(ask) = &def.wait {
        place.kind = Some(ask.ty.kind());
        let label = |label| image.strings.get(label).to_owned();
        place.replies = ask.replies.iter().map(|reply| (reply.id, label(reply.label))).collect();
    }
    place
}

/// The chains of places that a chat at this place may come back to, the outermost first; always the empty one too.
pub fn chains(program: &Program, place: PlaceId) -> Vec<Vec<PlaceId>> {
    let step = program.image().sites.iter().find(|site| site.id == place).map(|site| site.step);
    let mut chains = vec![Vec::new()];
    let mut open: Vec<(Step, Vec<PlaceId>)> = step.map(|step| (step, Vec::new())).into_iter().collect();
    while let Some((step, below)) = open.pop() {
        for site in &program.image().sites {
            if !matches!(site.wait, Wait::Do(run) if run == step) || chains.len() >= MOST_CHAINS {
                continue;
            }
            let mut chain = vec![site.id];
            chain.extend(&below);
            chains.push(chain.clone());
            open.push((site.step, chain));
        }
    }
    chains
}
