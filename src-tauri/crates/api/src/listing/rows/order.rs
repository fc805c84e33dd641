//! Orders of a listing.
//!
//! Keys come sorted from the server, prefixes and objects each for themselves, so a stable sort
//! by key has little to do. The other columns are then sorted by a number and keep the order of
//! keys among equals: a million rows take a fraction of a second.

use std::cmp::Reverse;

use super::{Kind, Rows};

/// How rows can be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Size,
    Modified,
    Class,
}

impl Column {
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "name" => Self::Name,
            "size" => Self::Size,
            "modified" => Self::Modified,
            "class" => Self::Class,
            _ => return None,
        })
    }
}

impl Rows {
    /// Orders what is loaded: prefixes first, by name; objects by the column and then by key.
    pub(crate) fn sort(&mut self, by: Column, descending: bool) {
        let (mut order, mut objects): (Vec<u32>, Vec<u32>) =
            (0..self.len()).partition(|&index| self.packed(index).kind == Kind::Prefix);
        let (mut one, mut other) = (self.keys.reader(), self.keys.reader());
        let mut by_key = |&a: &u32, &b: &u32| one.read(a).cmp(other.read(b));
        order.sort_by(&mut by_key);
        objects.sort_by(&mut by_key);
        if by == Column::Name {
            if descending {
                order.reverse();
                objects.reverse();
            }
        } else {
            self.sort_by_number(&mut objects, by, descending);
        }
        order.append(&mut objects);
        self.order = Some(order);
        self.filter_again();
    }

    fn sort_by_number(&self, objects: &mut [u32], by: Column, descending: bool) {
        let ranks = self.class_ranks();
        let number = |index: u32| -> i64 {
            let row = self.packed(index);
            match by {
                Column::Size => i64::try_from(row.size).unwrap_or(i64::MAX),
                Column::Modified => row.modified_ms,
                Column::Class => ranks.get(usize::from(row.class)).copied().unwrap_or(0),
                Column::Name => 0,
            }
        };
        let mut numbered: Vec<(i64, u32)> = objects
            .iter()
            .map(|&index| (number(index), index))
            .collect();
        if descending {
            numbered.sort_by_key(|&(number, _)| Reverse(number));
        } else {
            numbered.sort_by_key(|&(number, _)| number);
        }
        for (place, (_, index)) in objects.iter_mut().zip(numbered) {
            *place = index;
        }
    }

    /// Where each class word stands in the order of words.
    fn class_ranks(&self) -> Vec<i64> {
        let mut sorted: Vec<&String> = self.classes.iter().collect();
        sorted.sort();
        let rank = |word: &String| sorted.binary_search(&word).unwrap_or(0);
        let ranks = self.classes.iter().map(rank);
        ranks
            .map(|rank| i64::try_from(rank).unwrap_or(i64::MAX))
            .collect()
    }
}
