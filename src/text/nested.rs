use super::Span;

/// Values by the spans they belong to, asked which of them hold a place. Spans of a text nest: a look-up costs as much as
/// they are deep, however many there are.
#[derive(Debug)]
pub struct Nested<T> {
    /// By start, the longer first; each with the nearest one before it that may reach as far.
    items: Vec<(Span, Option<usize>, T)>,
}

impl<T> Nested<T> {
    /// Takes the spans in any order.
    pub fn new(items: impl IntoIterator<Item = (Span, T)>) -> Self {
        let mut items: Vec<(Span, Option<usize>, T)> =
            items.into_iter().map(|(span, item)| (span, None, item)).collect();
        items.sort_by_key(|(span, ..)| (span.start(), std::cmp::Reverse(span.end())));
        let mut open: Vec<usize> = Vec::new();
        for index in 0..items.len() {
            while open.last().is_some_and(|&last| items[last].0.end() < items[index].0.start()) {
                open.pop();
            }
            items[index].1 = open.last().copied();
            open.push(index);
        }
        Self { items }
    }

    /// The values whose spans hold `span`, the innermost first.
    pub fn around(&self, span: Span) -> impl Iterator<Item = &T> {
        let behind = self.items.partition_point(|(item, ..)| item.start() <= span.start());
        let mut next = behind.checked_sub(1);
        let chain = std::iter::from_fn(move || {
            let (item, parent, value) = &self.items[next?];
            next = *parent;
            Some((item, value))
        });
        chain.filter(move |(item, _)| item.contains(span)).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_around_a_place_are_found_from_the_inside_out() {
        let spans = [(0, 100, "all"), (10, 40, "a"), (12, 20, "b"), (25, 30, "c"), (50, 60, "d"), (50, 55, "e")];
        let nested = Nested::new(spans.map(|(start, end, name)| (Span::new(start, end), name)));
        let around = |at| nested.around(Span::empty(at)).copied().collect::<Vec<_>>();
        assert_eq!(around(15), ["b", "a", "all"]);
        assert_eq!(around(22), ["a", "all"]);
        assert_eq!(around(55), ["e", "d", "all"]);
        assert_eq!(around(70), ["all"]);
        assert_eq!(around(101), [""; 0]);
        assert_eq!(nested.around(Span::new(26, 45)).copied().collect::<Vec<_>>(), ["all"]);
    }
}
