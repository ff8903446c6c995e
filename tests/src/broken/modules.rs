//! Compilers that do not keep modules to themselves.

use std::collections::{BTreeMap, BTreeSet};

use chatflow_runtime::Image;
use chatflow_runtime::id::{Addr, Slot};
use chatflow_runtime::image::{Scope, Wait};
use chatflow_runtime::op::Op;

use super::Mutant;
use crate::relink::{instructions, relinked};

/// What modules have of their own, each shared in one way.
pub fn mutants() -> Vec<Mutant> {
    vec![
        Mutant::of_programs("a module's locals are the flow's of the same names", |image| {
            let shared = same_names(image);
            share(image, &shared);
        }),
        Mutant::of_programs("a module is not translated", |image| {
            let own = texts_of_modules(image);
            for translation in &mut image.translations {
                translation.texts.retain(|(text, _)| !own.contains(&text.0));
            }
        }),
        Mutant::of_programs("a module is said in its other languages alone", |image| {
            let own = texts_of_modules(image);
            for translation in &mut image.translations {
                translation.texts.retain(|(text, _)| own.contains(&text.0));
            }
        }),
    ]
}

/// The locals of modules, with those of the flow that have their names and types.
fn same_names(image: &Image) -> BTreeMap<Slot, Slot> {
    let locals: Vec<(Slot, &str)> = (0_u32..)
        .map(Slot)
        .zip(&image.slots)
        .filter(|(_, def)| def.scope == Scope::Local)
        .map(|(slot, def)| (slot, image.strings.get(def.name)))
        .collect();
    let ty = |slot: Slot| image.slots.get(slot.index()).map(|def| def.ty);
    let of_flow = |(slot, name): &(Slot, &str)| {
        let own = name.split_once('.')?.1;
        let (flows, _) = locals.iter().find(|(other, name)| *name == own && ty(*other) == ty(*slot))?;
        Some((*slot, *flows))
    };
    locals.iter().filter_map(of_flow).collect()
}

fn share(image: &mut Image, shared: &BTreeMap<Slot, Slot>) {
    let to = |slot: Slot| shared.get(&slot).copied().unwrap_or(slot);
    let change = |op: Op| {
        if let Op::Slot(slot) = op {
            Op::Slot(to(slot))
        } else if let Op::Set(slot) = op {
            Op::Set(to(slot))
        } else if let Op::Clear(slot) = op {
            Op::Clear(to(slot))
        } else {
            op
        }
    };
    let Some(mut written) = relinked(image, |op, _| vec![change(op)]) else { return };
    for site in &mut written.sites {
        site.keeps.iter_mut().for_each(|slot| *slot = to(*slot));
        site.keeps.dedup();
        if let Wait::Ask(ask) = &mut site.wait {
            ask.target = ask.target.map(to);
        }
    }
    *image = written;
}

/// The texts that steps of modules say.
fn texts_of_modules(image: &Image) -> BTreeSet<u32> {
    let Some(debug) = &image.debug else { return BTreeSet::new() };
    let of_module = |at: usize| debug.file_at(Addr(at as u32)) != debug.file;
    let read = instructions(&image.code).unwrap_or_default();
    let texts = read
        .into_iter()
        .filter(|(at, ..)| of_module(*at))
        .filter_map(|(_, op, _)| if let Op::Text(text) = op { Some(text.0) } else { None });
    texts.collect()
}
