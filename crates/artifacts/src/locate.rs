//! Finds the places of findings in the text: read once more, only where something was found.

use std::collections::{BTreeMap, HashMap};

use serde_json::value::RawValue;

use crate::finding::{Finding, Place};
use crate::path::{JsonPath, Segment};

/// Gives each finding the place of its value; of what is missing, the place of the object that lacks it.
pub(crate) fn locate(text: &str, findings: &mut [Finding]) {
    let Ok(record) = serde_json::from_str::<&RawValue>(text) else { return };
    let mut search = Search {
        text,
        paths: findings.iter().map(|finding| finding.path.clone()).collect(),
        offsets: vec![0; findings.len()],
    };
    search.descend(record, 0, &(0..findings.len()).collect::<Vec<_>>());
    let mut order: Vec<_> = search.offsets.iter().copied().zip(findings).collect();
    order.sort_by_key(|(offset, _)| *offset);
    let (mut place, mut read) = (Place { line: 1, column: 1 }, 0);
    for (offset, finding) in order {
        place = place.after(&text[read..offset]);
        read = offset;
        finding.place = Some(place);
    }
}

struct Search<'t> {
    text: &'t str,
    paths: Vec<JsonPath>,
    offsets: Vec<usize>,
}

impl<'t> Search<'t> {
    /// What stands at `raw` lies on the way of the findings `wanted`, `depth` steps from the top.
    fn descend(&mut self, raw: &'t RawValue, depth: usize, wanted: &[usize]) {
        let offset = raw.get().as_ptr().addr() - self.text.as_ptr().addr();
        let mut further: BTreeMap<Segment, Vec<usize>> = BTreeMap::new();
        for &index in wanted {
            self.offsets[index] = offset;
            if let Some(segment) = self.paths[index].0.get(depth) {
                further.entry(segment.clone()).or_default().push(index);
            }
        }
        if further.is_empty() {
            return;
        }
        let (mut members, mut items) = (HashMap::new(), Vec::new());
        if raw.get().starts_with('{') {
            members = serde_json::from_str::<HashMap<String, &'t RawValue>>(raw.get()).unwrap_or_default();
        } else if raw.get().starts_with('[') {
            items = serde_json::from_str::<Vec<&'t RawValue>>(raw.get()).unwrap_or_default();
        }
        for (segment, wanted) in further {
            let found = match &segment {
                Segment::Key(key) => members.get(key.as_str()).copied(),
                Segment::Index(index) => items.get(*index).copied(),
            };
            if let Some(found) = found {
                self.descend(found, depth + 1, &wanted);
            }
        }
    }
}
