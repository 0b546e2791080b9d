//! What must be computed before what. Building and ordering are linear in vertices and edges.

/// Vertices 0, 1, 2 … with edges from what is computed to what needs it, free of circles.
#[derive(Debug, Clone)]
pub struct Graph {
    dependents: Vec<Vec<usize>>,
    rank: Vec<usize>,
    order: Vec<usize>,
}

impl Graph {
    /// Orders the vertices so that each comes before all that need it. `dependents[v]` are the
    /// vertices that need `v`; those that do not exist are passed over.
    ///
    /// # Errors
    /// The circles, each as its vertices in the order they need each other; at least one of every
    /// knot of circles.
    pub fn new(dependents: Vec<Vec<usize>>) -> Result<Self, Vec<Vec<usize>>> {
        let count = dependents.len();
        let mut waits = vec![0_usize; count];
        for target in dependents.iter().flatten() {
            if let Some(waits) = waits.get_mut(*target) {
                *waits += 1;
            }
        }
        let mut order: Vec<usize> =
            waits.iter().enumerate().filter(|(_, waits)| **waits == 0).map(|(v, _)| v).collect();
        let mut next = 0;
        while let Some(vertex) = order.get(next).copied() {
            next += 1;
            for target in dependents.get(vertex).into_iter().flatten() {
                if let Some(waits) = waits.get_mut(*target) {
                    *waits -= 1;
                    if *waits == 0 {
                        order.push(*target);
                    }
                }
            }
        }
        if order.len() < count {
            let stuck = |v: &usize| waits.get(*v).is_some_and(|waits| *waits > 0);
            return Err(circles(&dependents, stuck));
        }
        let mut rank = vec![0; count];
        for (place, vertex) in order.iter().enumerate() {
            if let Some(rank) = rank.get_mut(*vertex) {
                *rank = place;
            }
        }
        Ok(Self { dependents, rank, order })
    }

    /// All vertices, each before those that need it.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Where a vertex stands in [`Self::order`].
    #[must_use]
    pub fn rank(&self, vertex: usize) -> usize {
        self.rank.get(vertex).copied().unwrap_or(usize::MAX)
    }

    /// The vertices that need this one.
    #[must_use]
    pub fn dependents(&self, vertex: usize) -> &[usize] {
        self.dependents.get(vertex).map_or(&[], Vec::as_slice)
    }
}

/// Walks depth first, without recursion, among the vertices left over; an edge back to a vertex
/// still on the way closes a circle.
fn circles(dependents: &[Vec<usize>], stuck: impl Fn(&usize) -> bool) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    // Where a vertex is on the way; `Some(usize::MAX)` once it is left.
    let mut place: Vec<Option<usize>> = vec![None; dependents.len()];
    for start in (0..dependents.len()).filter(&stuck) {
        if place.get(start).copied().flatten().is_some() {
            continue;
        }
        let mut way = vec![(start, 0_usize)];
        set(&mut place, start, 0);
        while let Some((vertex, edge)) = way.last_mut() {
            let target = dependents.get(*vertex).and_then(|targets| targets.get(*edge)).copied();
            *edge += 1;
            let Some(target) = target else {
                set(&mut place, *vertex, usize::MAX);
                way.pop();
                continue;
            };
            match place.get(target).copied() {
                Some(None) if stuck(&target) => {
                    set(&mut place, target, way.len());
                    way.push((target, 0));
                }
                Some(Some(at)) if at != usize::MAX => {
                    found.push(way.iter().skip(at).map(|(vertex, _)| *vertex).collect());
                    // One circle a way: a knot may hold more circles than atoms.
                    while let Some((vertex, _)) = way.pop() {
                        set(&mut place, vertex, usize::MAX);
                    }
                }
                _ => {}
            }
        }
    }
    found
}

fn set(place: &mut [Option<usize>], vertex: usize, to: usize) {
    if let Some(place) = place.get_mut(vertex) {
        *place = Some(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_before_what_needs_it() {
        let graph = Graph::new(vec![vec![2], vec![0, 2], vec![], vec![1]]).unwrap();
        assert_eq!(graph.order(), [3, 1, 0, 2]);
        assert_eq!(graph.rank(0), 2);
    }

    #[test]
    fn a_circle_is_named_without_what_hangs_on_it() {
        // 0 → 1 → 2 → 1, 2 → 3; 4 needs itself.
        let circles = Graph::new(vec![vec![1], vec![2], vec![1, 3], vec![], vec![4]]).unwrap_err();
        assert_eq!(circles, [vec![1, 2], vec![4]]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_ordered_without_recursion() {
        let count = 100_000;
        let chain = |closed: usize| -> Vec<Vec<usize>> {
            (0..count).map(|v| vec![(v + 1) % (count + 1 - closed)]).collect()
        };
        assert_eq!(Graph::new(chain(0)).unwrap().order().len(), count);
        assert_eq!(Graph::new(chain(1)).unwrap_err()[0].len(), count);
    }
}
