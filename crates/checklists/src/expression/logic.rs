//! The rules of a form, and what each answer makes them compute again.

mod recompute;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::{ErrorCode, Fault};
use super::{ExpressionError, Graph, Limits, NameId, Outline, Program, Shape, Span, compile};

pub use recompute::Change;

/// What an expression decides about its question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Its answer.
    Calculation,
    /// Whether it is asked. What is not relevant counts as unanswered elsewhere.
    Relevant,
    /// Whether it must be answered.
    Required,
    /// Whether its answer is allowed; an empty answer always is.
    Constraint,
    /// Whether it may be changed by hand.
    ReadOnly,
}

/// One expression of a form.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Whose.
    pub target: NameId,
    /// What for.
    pub role: Role,
    /// Its text.
    pub text: String,
}

/// An expression of a form that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFault {
    /// Which of the rules, as they were given.
    pub rule: usize,
    /// What is wrong with it.
    pub error: ExpressionError,
}

/// All expressions of a form, compiled and put in order.
#[derive(Debug, Clone)]
pub struct Logic {
    outline: Arc<Outline>,
    rules: Vec<Compiled>,
    /// Which rules read a name, and in the same instance of which repeat.
    readers: BTreeMap<NameId, Vec<(usize, Option<NameId>)>>,
    graph: Graph,
}

#[derive(Debug, Clone)]
struct Compiled {
    target: NameId,
    role: Role,
    program: Program,
}

impl Logic {
    /// Compiles the rules and orders them by what they read.
    ///
    /// # Errors
    /// Every rule that is wrong (the first [`Limits::FAULTS`]), else every circle of rules that need
    /// each other, else the rule with which they read more than [`Limits::READS`] names.
    pub fn new(outline: Arc<Outline>, rules: &[Rule]) -> Result<Self, Vec<RuleFault>> {
        let mut compiled = Vec::with_capacity(rules.len());
        let mut faults = Vec::new();
        for (rule, Rule { target, role, text }) in rules.iter().enumerate() {
            if faults.len() >= Limits::FAULTS {
                break;
            }
            match compile(text, &*outline) {
                Ok(program) => compiled.push(Compiled { target: *target, role: *role, program }),
                Err(error) => faults.push(RuleFault { rule, error }),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut readers: BTreeMap<NameId, Vec<(usize, Option<NameId>)>> = BTreeMap::new();
        let mut dependents = vec![Vec::new(); compiled.len()];
        let writers = writers(&compiled);
        let mut left = Limits::READS;
        for (reader, rule) in compiled.iter().enumerate() {
            let Some(reads) = rule.program.reads_within(&outline, rule.target, &mut left) else {
                let text = rule.program.text();
                let error = Fault::reads_too_much(Span::new(0, text.len())).in_text(text);
                return Err(vec![RuleFault { rule: reader, error }]);
            };
            for read in reads {
                readers.entry(read.name).or_default().push((reader, read.near));
                for writer in writing(&outline, &writers, read.name) {
                    if let Some(dependents) = dependents.get_mut(writer) {
                        dependents.push(reader);
                    }
                }
            }
        }
        match Graph::new(dependents) {
            Ok(graph) => Ok(Self { outline, rules: compiled, readers, graph }),
            Err(circles) => {
                Err(circles.iter().filter_map(|c| circular(&outline, &compiled, c)).collect())
            }
        }
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

/// Which rules write a node: its calculation, and its relevance.
fn writers(rules: &[Compiled]) -> BTreeMap<(NameId, Role), Vec<usize>> {
    let mut writers: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        if matches!(rule.role, Role::Calculation | Role::Relevant) {
            writers.entry((rule.target, rule.role)).or_default().push(index);
        }
    }
    writers
}

/// The rules that decide what reading `name` yields: its calculation, its own relevance, and that
/// of all that holds it. Only a question's answer can be decided; a group just holds.
fn writing<'a>(
    outline: &'a Outline,
    writers: &'a BTreeMap<(NameId, Role), Vec<usize>>,
    name: NameId,
) -> impl Iterator<Item = usize> + 'a {
    let is_question = outline.shape(name) == Shape::Question;
    let relevance = outline.chain(name).iter().map(|holder| (*holder, Role::Relevant));
    let keys = std::iter::once((name, Role::Calculation)).chain(relevance);
    let keys = keys.filter(move |_| is_question);
    keys.filter_map(|key| writers.get(&key)).flatten().copied()
}

fn circular(outline: &Outline, rules: &[Compiled], circle: &[usize]) -> Option<RuleFault> {
    let names = circle.iter().filter_map(|rule| rules.get(*rule));
    let mut names: Vec<&str> = names.map(|rule| outline.name(rule.target)).collect();
    let rule = *circle.first()?;
    let text = rules.get(rule)?.program.text();
    names.push(names.first()?);
    let way = names.join(" → ");
    let fault = Fault::new(
        ErrorCode::Circular,
        Span::new(0, text.len()),
        (format!("循环引用：{way}"), format!("it needs itself: {way}")),
        ("断开其中一环", "break one link of the circle"),
    );
    Some(RuleFault { rule, error: fault.in_text(text) })
}
