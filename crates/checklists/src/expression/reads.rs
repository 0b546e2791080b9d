//! What an expression reads, found from the declared form without running it.

use std::collections::BTreeSet;

use super::program::{Code, CodeStep, From, Op, Program};
use super::{Axis, Function, Limits, NameId, Outline, Shape, Test};

/// A declared node that an expression reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read {
    /// Whose answer, or for a repeat, whose instances.
    pub name: NameId,
    /// The innermost repeat in whose same instance both stand; `None`: it may be any instance.
    pub near: Option<NameId>,
}

impl Program {
    /// Everything it may read when it belongs to the node `at`, each once. `None` if finding out
    /// takes more than [`Limits::READS`] steps.
    #[must_use]
    pub fn reads(&self, outline: &Outline, at: NameId) -> Option<BTreeSet<Read>> {
        self.reads_within(outline, at, &mut { Limits::READS })
    }

    /// As [`Program::reads`], taking the steps from `left`.
    pub(super) fn reads_within(
        &self,
        outline: &Outline,
        at: NameId,
        left: &mut usize,
    ) -> Option<BTreeSet<Read>> {
        let mut reader = Reader { outline, at, found: BTreeSet::new(), left: *left };
        reader.code(&self.code, &[Spot { name: at, anchor: at }]);
        *left = reader.left;
        (reader.left > 0).then_some(reader.found)
    }
}

/// A declared node a path may have reached, and the highest node it came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    name: NameId,
    anchor: NameId,
}

struct Reader<'a> {
    outline: &'a Outline,
    at: NameId,
    found: BTreeSet<Read>,
    /// Steps still allowed; once it is 0, nothing more is followed.
    left: usize,
}

impl Reader<'_> {
    /// The nodes it may yield; what it reads on the way is noted.
    fn code(&mut self, code: &Code, here: &[Spot]) -> Vec<Spot> {
        match &code.op {
            Op::Number(_) | Op::Text(_) => Vec::new(),
            Op::Reference { name, everywhere } => {
                let spot = Spot { name: *name, anchor: self.shared(*name, *everywhere) };
                let passed = self.outline.chain(*name).iter().copied();
                let mut above = passed.skip_while(|id| *id != spot.anchor).skip(1);
                above.by_ref().for_each(|name| self.note(Spot { name, ..spot }));
                vec![spot]
            }
            Op::Negate(inner) | Op::Matches { text: inner, .. } => {
                self.code(inner, here);
                Vec::new()
            }
            Op::Chain { first, rest } => {
                let mut reached = self.code(first, here);
                for (_, right) in rest {
                    reached.extend(self.code(right, here));
                }
                reached
            }
            Op::Path { start, steps } => self.path(start, steps, here),
            Op::Call { function, args } => self.call(*function, args, here),
        }
    }

    fn call(&mut self, function: Function, args: &[Code], here: &[Spot]) -> Vec<Spot> {
        let yields: Vec<Vec<Spot>> = args.iter().map(|arg| self.code(arg, here)).collect();
        match function {
            Function::Current => vec![Spot { name: self.at, anchor: self.at }],
            // The question's own answer, where no argument is given.
            Function::String
            | Function::Number
            | Function::StringLength
            | Function::NormalizeSpace
                if args.is_empty() =>
            {
                here.iter().for_each(|spot| self.note(*spot));
                Vec::new()
            }
            Function::IndexedRepeat | Function::Randomize => {
                yields.into_iter().next().unwrap_or_default()
            }
            Function::If => yields.into_iter().skip(1).flatten().collect(),
            // Tables beside the form do not change while it is filled.
            _ => Vec::new(),
        }
    }

    fn path(&mut self, start: &From, steps: &[CodeStep], here: &[Spot]) -> Vec<Spot> {
        let top = Spot { name: Outline::DOCUMENT, anchor: Outline::DOCUMENT };
        let mut reached = match start {
            From::Root => vec![top],
            From::Here => here.to_vec(),
            From::Nodes { of, predicates } => {
                let nodes = self.code(of, here);
                predicates.iter().for_each(|predicate| {
                    self.code(predicate, &nodes);
                });
                nodes
            }
        };
        for step in steps {
            if self.left == 0 {
                return Vec::new();
            }
            let mut next: Vec<Spot> =
                reached.iter().flat_map(|spot| self.step(*spot, step)).collect();
            next.sort_unstable();
            next.dedup();
            next.iter().for_each(|spot| self.note(*spot));
            for predicate in &step.predicates {
                self.code(predicate, &next);
            }
            reached = next;
        }
        reached.iter().for_each(|spot| self.note(*spot));
        reached
    }

    fn step(&self, spot: Spot, step: &CodeStep) -> Vec<Spot> {
        let name = match &step.test {
            Test::Name(name) => Some(name.as_str()),
            Test::Any => None,
        };
        let fits = |id: &NameId| name.is_none_or(|name| self.outline.name(*id) == name);
        match (step.axis, name) {
            (Axis::Child, Some(name)) => {
                let child = self.outline.child(spot.name, name);
                child.map(|name| Spot { name, ..spot }).into_iter().collect()
            }
            (Axis::Child, None) => {
                let children = self.outline.children(spot.name).iter();
                children.map(|name| Spot { name: *name, ..spot }).collect()
            }
            (Axis::Itself, _) => Some(spot).filter(|spot| fits(&spot.name)).into_iter().collect(),
            (Axis::Parent, _) => {
                let parent = self.outline.parent(spot.name).filter(fits);
                let up = |name| {
                    let is_higher =
                        self.outline.chain(name).len() < self.outline.chain(spot.anchor).len();
                    Spot { name, anchor: if is_higher { name } else { spot.anchor } }
                };
                parent.map(up).into_iter().collect()
            }
        }
    }

    fn note(&mut self, spot: Spot) {
        self.left = self.left.saturating_sub(1);
        let near = self.outline.repeat_of(spot.anchor);
        // A position among the instances changes with its neighbours.
        let near =
            near.filter(|near| *near != spot.name || self.outline.shape(*near) != Shape::Repeat);
        self.found.insert(Read { name: spot.name, near });
    }

    /// The innermost node that holds both the question and the name it refers to.
    fn shared(&self, name: NameId, everywhere: bool) -> NameId {
        if everywhere {
            return Outline::DOCUMENT;
        }
        let own = self.outline.chain(self.at);
        let chain = self.outline.chain(name);
        let holders = chain.iter().take(chain.len().saturating_sub(1));
        holders.zip(own).take_while(|(a, b)| a == b).last().map_or(Outline::DOCUMENT, |(a, _)| *a)
    }
}
